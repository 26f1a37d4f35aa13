#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/params.hpp"

namespace audio_ident::fingerprint {

/// A peak of a clip, placed between frames and bins by a parabola through its neighbours.
struct ClipPeak {
    float frame = 0;  ///< hops of kHopSamples from the clip's first sample
    float bin = 0;    ///< in [0, kBins)
    float contrast = 0;
};

/// How a clip relates to the recording that it came from, where it was played faster or higher.
struct Transform {
    float time = 1;   ///< seconds of the recording a second of the clip (1.05: the clip runs 5 % fast)
    float pitch = 1;  ///< clip frequency / recording frequency

    bool operator==(const Transform&) const = default;
};

/// A clip made ready for searching: its peaks, denser than a reference's, from one or two phases half a hop apart; and
/// its contrast map, on which the peaks of a candidate are looked up. A second phase doubles the cost and finds clips
/// whose frames lie half a hop off the recording's more surely.
class Clip {
  public:
    static constexpr std::size_t kMaxPhases = 2;
    static constexpr std::size_t kOverrun = 16;  ///< values that may be read beyond a column's end
    static constexpr float kMapScale = 40.0F;    ///< steps of a map value a unit of contrast

    /// Mono samples at kSampleRateHz, of any level. `phases`: 1 or kMaxPhases.
    explicit Clip(std::span<const float> samples, std::size_t phases = kMaxPhases);

    double seconds() const { return seconds_; }
    std::size_t phases() const { return phases_; }
    std::size_t rows() const { return rows_; }
    /// Peaks of one phase, by frame.
    std::span<const ClipPeak> peaks(std::size_t phase) const { return peaks_[phase]; }
    /// The map's values of a bin, rows() of them. Row `i` begins at sample i · kHopSamples / phases(). Contrast,
    /// clipped to ±2.5 and less its mean a bin, so that steady sounds count for nothing; in steps of 1/kMapScale.
    const std::int8_t* column(std::size_t bin) const { return map_.data() + bin * rows_; }
    /// Standard deviation of the map's values, in steps; at least 1.
    float map_deviation() const { return map_deviation_; }

  private:
    double seconds_ = 0;
    std::size_t phases_;
    std::size_t rows_ = 0;
    float map_deviation_ = 1;
    std::array<std::vector<ClipPeak>, kMaxPhases> peaks_;
    std::vector<std::int8_t> map_;
};

}  // namespace audio_ident::fingerprint
