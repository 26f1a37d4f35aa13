#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace audio_ident::audio {

/// The largest amplitudes of equal parts of a recording, in thousandths of full scale: 0 to 1000.
using WaveformPeaks = std::vector<std::uint16_t>;

/// What a page draws of a recording: mono samples in blocks of any size in, a few hundred peaks out. Memory: 4 bytes for
/// each 20 ms.
class Waveform {
  public:
    static constexpr int kSampleRateHz = 16000;
    static constexpr std::size_t kMaxPeaks = 800;

    void reset();
    /// Samples are finite.
    void consume(std::span<const float> samples);
    /// kMaxPeaks of them, fewer for less than kMaxPeaks blocks of 20 ms, none for no samples.
    WaveformPeaks finish() const;

  private:
    static constexpr std::size_t kBlockSamples = kSampleRateHz / 50;

    std::vector<std::uint32_t> blocks_;  ///< the largest amplitude of each: bits of a float without its sign
    std::size_t in_block_ = 0;           ///< samples of the last one
};

}  // namespace audio_ident::audio
