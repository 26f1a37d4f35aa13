#pragma once

#include <cstdint>
#include <span>
#include <vector>

struct SwrContext;

namespace audio_ident::ffmpeg {

/// The low-pass filter of a resampler, in libswresample's terms: a windowed sinc.
struct ResamplerOptions {
    int filter_size = 32;  ///< taps at the lower of the two rates
    double cutoff = 0.97;  ///< of the lower Nyquist frequency
    double kaiser_beta = 9;
};

/// Converts one channel from one sample rate to another. The output has no delay against the input, and n samples in
/// give exactly ceil(n * to / from) out. Throws Error.
class Resampler {
  public:
    Resampler(int from_hz, int to_hz, const ResamplerOptions& options);
    ~Resampler();
    Resampler(const Resampler&) = delete;
    Resampler& operator=(const Resampler&) = delete;

    /// What can be computed so far; valid until the next call.
    std::span<const float> convert(std::span<const float> input);
    /// The rest, as if silence followed. Nothing may be converted after it.
    std::span<const float> flush();

  private:
    std::span<const float> run(std::span<const float> input);

    int from_hz_;
    int to_hz_;
    int tail_samples_;  ///< of silence that push the last input sample through the filter
    std::int64_t consumed_ = 0;
    std::int64_t produced_ = 0;
    SwrContext* context_ = nullptr;
    std::vector<float> output_;
};

}  // namespace audio_ident::ffmpeg
