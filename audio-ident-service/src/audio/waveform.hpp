#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace audio_ident::audio {

/// The peak amplitudes of equal parts of a recording, in thousandths of full scale: 0 to 1000.
using WaveformPeaks = std::vector<std::uint16_t>;

/// Computes the waveform that a page draws. Takes mono samples in blocks of any size.
/// Uses 4 bytes of memory for each 20 ms.
class Waveform {
  public:
    static constexpr int kSampleRateHz = 16000;
    static constexpr std::size_t kMaxPeaks = 800;

    void reset();
    /// Samples must be finite.
    void consume(std::span<const float> samples);
    /// That many peaks; fewer when there are fewer blocks of 20 ms; none without samples.
    WaveformPeaks finish(std::size_t most = kMaxPeaks) const;

  private:
    static constexpr std::size_t kBlockSamples = kSampleRateHz / 50;

    std::vector<std::uint32_t> blocks_;  ///< peak of each block, as the bits of a float without its sign
    std::size_t in_block_ = 0;           ///< samples in the last block
};

}  // namespace audio_ident::audio
