#pragma once

#include <cstdint>
#include <span>
#include <vector>

struct SwrContext;

namespace audio_ident::ffmpeg {

/// The low-pass filter of a resampler: a windowed sinc, with libswresample's parameters.
struct ResamplerOptions {
    int filter_size = 32;  ///< taps at the lower of the two rates
    double cutoff = 0.97;  ///< relative to the lower Nyquist frequency
    double kaiser_beta = 9;
};

/// Converts one channel to another sample rate. The output is not delayed, and n input samples give exactly ceil(n * to
/// / from) output samples. Throws Error.
class Resampler {
  public:
    Resampler(int from_hz, int to_hz, const ResamplerOptions& options);
    ~Resampler();
    Resampler(const Resampler&) = delete;
    Resampler& operator=(const Resampler&) = delete;

    /// The output that can be computed so far. Valid until the next call.
    std::span<const float> convert(std::span<const float> input);
    /// The remaining output, as if silence followed. Do not call convert() afterwards.
    std::span<const float> flush();

  private:
    std::span<const float> run(std::span<const float> input);

    int from_hz_;
    int to_hz_;
    int tail_samples_;  ///< silent samples that push the last input sample through the filter
    std::int64_t consumed_ = 0;
    std::int64_t produced_ = 0;
    SwrContext* context_ = nullptr;
    std::vector<float> output_;
};

}  // namespace audio_ident::ffmpeg
