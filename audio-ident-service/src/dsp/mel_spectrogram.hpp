#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "dsp/mel_bank.hpp"
#include "dsp/real_fft.hpp"

namespace audio_ident::dsp {

/// Power in mel bands over time. Frame n is centred on sample n · hop; at both ends the signal is continued by its mirror
/// image. How the input is cut does not matter.
class MelSpectrogram {
  public:
    explicit MelSpectrogram(const MelParams& params);

    std::size_t bands() const { return params_.bands; }
    /// Adds `bands` values to `rows` for each frame that is complete.
    void consume(std::span<const float> samples, std::vector<float>& rows);
    /// The frames at the end: in all there are 1 + samples / hop, none when there were no samples.
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
    std::vector<float> buffer_;  ///< from the first sample of the next frame on
    bool begun_ = false;         ///< the buffer starts with the mirrored begin
};

}  // namespace audio_ident::dsp
