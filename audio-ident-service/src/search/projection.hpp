#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "search/comparison.hpp"

namespace audio_ident::search {

/// How well a projection fits.
struct Score {
    float z = 0;              ///< sum of the map values under the track's peaks, in standard deviations (in_deviations)
    std::uint32_t peaks = 0;  ///< peaks of the track under the clip
};

/// A track's peaks on a clip's contrast map, for one offset and transform. The map is high under a peak that the clip
/// has too, and zero on average elsewhere (docs/fingerprint.md, "Verification"). Immutable. The clip must outlive it.
class Projection {
  public:
    static constexpr int kReachRows = 6;  ///< scores_around() shifts by up to this many rows
    static constexpr std::size_t kShifts = 2 * kReachRows + 1;

    /// Where a peak of the track falls on the map.
    struct Target {
        float row;
        std::uint16_t bin;
    };

    /// `peaks`: the track's, sorted by frame. `rows`: the part of the map that counts.
    Projection(const fingerprint::Clip& clip, std::span<const fingerprint::Peak> peaks, double offset_frames,
               const fingerprint::Transform& transform, RowRange rows);

    /// The score with the clip shifted by this many rows.
    Score score(float shift_rows = 0) const;
    /// The scores with the clip shifted by -kReachRows … kReachRows rows.
    std::array<Score, kShifts> scores_around() const;

    std::span<const Target> targets() const { return targets_; }
    /// Whether a target lies in the rows that count. The map's value there (Clip::column()).
    bool is_inside(const Target& target) const { return target.row >= first_ && target.row < end_; }
    int value_at(const Target& target) const { return clip_.column(target.bin)[static_cast<std::size_t>(target.row)]; }

  private:
    const fingerprint::Clip& clip_;
    float first_;
    float end_;
    std::vector<Target> targets_;
};

/// A sum of `count` map values, in standard deviations of such a sum for a clip and a track without common sounds.
float in_deviations(std::int64_t sum, const fingerprint::Clip& clip, std::uint32_t count);

/// Added to the number of peaks in the deviation of a score, so that a few lucky peaks give no high z.
inline constexpr std::uint32_t kFewPeaks = 20;

/// The place of the maximum of a parabola through three neighbouring values, relative to the middle one, in
/// [-0.5, 0.5].
double vertex(float before, float middle, float after);

}  // namespace audio_ident::search
