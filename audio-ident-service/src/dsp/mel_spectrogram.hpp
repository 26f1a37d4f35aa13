#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "dsp/mel_bank.hpp"
#include "dsp/real_fft.hpp"

namespace audio_ident::dsp {

/// Turns samples into power per mel band over time. Frame n is centred on sample n · hop. The signal is mirrored at
/// both ends. The result does not depend on how the input is split into blocks.
class MelSpectrogram {
  public:
    explicit MelSpectrogram(const MelParams& params);

    std::size_t bands() const { return params_.bands; }
    /// Appends `bands` values to `rows` for each completed frame.
    void consume(std::span<const float> samples, std::vector<float>& rows);
    /// Appends the remaining frames. In total there are 1 + samples / hop frames, or none when there were no samples.
    void finish(std::vector<float>& rows);

  private:
    struct Triangle {
        std::size_t first_bin = 0;
        std::vector<float> weights;
    };

    void append(std::span<const float> samples);
    void mirror_begin();
    void frames(std::vector<float>& rows);

    MelParams params_;
    RealFft fft_;
    std::vector<float> window_;
    std::vector<Triangle> triangles_;
    std::vector<float> power_;
    std::vector<float> buffer_;  ///< starts at the first sample of the next frame
    bool begun_ = false;         ///< the mirrored start is in the buffer
};

}  // namespace audio_ident::dsp
