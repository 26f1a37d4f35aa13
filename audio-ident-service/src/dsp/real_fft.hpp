#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>

namespace audio_ident::dsp {

/// Forward transform of real input, over FFmpeg's av_tx. Not thread-safe: one object a thread.
template <typename Real>
class BasicRealFft {
  public:
    /// `length`: samples a transform, a power of two. Throws std::bad_alloc when FFmpeg has no such transform.
    explicit BasicRealFft(std::size_t length);
    ~BasicRealFft();
    BasicRealFft(const BasicRealFft&) = delete;
    BasicRealFft& operator=(const BasicRealFft&) = delete;

    /// The buffer to fill before transform(): `length` samples, aligned for SIMD. Its contents are lost by transform().
    std::span<Real> input();
    /// Bins 0 … length/2 of the buffer's spectrum, not normalised; valid until the next call.
    std::span<const std::complex<Real>> transform();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

using RealFft = BasicRealFft<float>;
using PreciseRealFft = BasicRealFft<double>;

}  // namespace audio_ident::dsp
