#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>

namespace audio_ident::dsp {

/// Forward transform of real input, over FFmpeg's av_tx. Not thread-safe: one object a thread.
class RealFft {
  public:
    /// `length`: samples a transform, a power of two. Throws std::bad_alloc when FFmpeg has no such transform.
    explicit RealFft(std::size_t length);
    ~RealFft();
    RealFft(const RealFft&) = delete;
    RealFft& operator=(const RealFft&) = delete;

    /// The buffer to fill before transform(): `length` samples, aligned for SIMD. Its contents are lost by transform().
    std::span<float> input();
    /// Bins 0 … length/2 of the buffer's spectrum, not normalised; valid until the next call.
    std::span<const std::complex<float>> transform();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace audio_ident::dsp
