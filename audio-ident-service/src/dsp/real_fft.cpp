#include "dsp/real_fft.hpp"

#include <new>
#include <type_traits>

extern "C" {
#include <libavutil/mem.h>
#include <libavutil/tx.h>
}

namespace audio_ident::dsp {

namespace {

struct AvFree {
    void operator()(void* p) const { av_free(p); }
};

template <typename Real>
using Aligned = std::unique_ptr<Real[], AvFree>;

template <typename Real>
Aligned<Real> allocate(std::size_t count) {
    auto* p = static_cast<Real*>(av_mallocz(count * sizeof(Real)));
    if (!p) throw std::bad_alloc();
    return Aligned<Real>(p);
}

}  // namespace

template <typename Real>
struct BasicRealFft<Real>::Impl {
    explicit Impl(std::size_t n) : length(n), in(allocate<Real>(n)), out(allocate<Real>(n + 2)) {
        const Real scale = 1;
        constexpr AVTXType kType = std::is_same_v<Real, double> ? AV_TX_DOUBLE_RDFT : AV_TX_FLOAT_RDFT;
        if (av_tx_init(&context, &function, kType, 0, static_cast<int>(n), &scale, 0) < 0) throw std::bad_alloc();
    }
    ~Impl() { av_tx_uninit(&context); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    std::size_t length;
    Aligned<Real> in;
    Aligned<Real> out;
    AVTXContext* context = nullptr;
    av_tx_fn function = nullptr;
};

template <typename Real>
BasicRealFft<Real>::BasicRealFft(std::size_t length) : impl_(std::make_unique<Impl>(length)) {}
template <typename Real>
BasicRealFft<Real>::BasicRealFft(const BasicRealFft& other) : BasicRealFft(other.impl_->length) {}
template <typename Real>
BasicRealFft<Real>::~BasicRealFft() = default;

template <typename Real>
std::span<Real> BasicRealFft<Real>::input() {
    return {impl_->in.get(), impl_->length};
}

template <typename Real>
std::span<const std::complex<Real>> BasicRealFft<Real>::transform() {
    impl_->function(impl_->context, impl_->out.get(), impl_->in.get(), sizeof(Real));
    return {reinterpret_cast<const std::complex<Real>*>(impl_->out.get()), impl_->length / 2 + 1};
}

template class BasicRealFft<float>;
template class BasicRealFft<double>;

}  // namespace audio_ident::dsp
