#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>

namespace audio_ident::dsp {

/// Forward FFT of real input, using FFmpeg's av_tx. Not thread-safe: use one object per thread.
template <typename Real>
class BasicRealFft {
  public:
    /// `length`: samples per transform, a power of two. Throws std::bad_alloc when FFmpeg offers no such transform.
    explicit BasicRealFft(std::size_t length);
    ~BasicRealFft();
    /// A transform of the same length with buffers of its own; what they hold is not copied.
    BasicRealFft(const BasicRealFft& other);
    BasicRealFft& operator=(const BasicRealFft&) = delete;

    /// The input buffer: `length` samples, aligned for SIMD. Fill it before each transform(), which overwrites it.
    std::span<Real> input();
    /// Bins 0 … length/2 of the spectrum, not normalised. Valid until the next call.
    std::span<const std::complex<Real>> transform();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

using RealFft = BasicRealFft<float>;
using PreciseRealFft = BasicRealFft<double>;

}  // namespace audio_ident::dsp
