#include "dsp/real_fft.hpp"

#include <new>

extern "C" {
#include <libavutil/mem.h>
#include <libavutil/tx.h>
}

namespace audio_ident::dsp {

namespace {

struct AvFree {
    void operator()(float* p) const { av_free(p); }
};
using AlignedFloats = std::unique_ptr<float[], AvFree>;

AlignedFloats allocate(std::size_t count) {
    auto* p = static_cast<float*>(av_mallocz(count * sizeof(float)));
    if (!p) throw std::bad_alloc();
    return AlignedFloats(p);
}

}  // namespace

struct RealFft::Impl {
    explicit Impl(std::size_t n) : length(n), in(allocate(n)), out(allocate(n + 2)) {
        const float scale = 1.0F;
        if (av_tx_init(&context, &function, AV_TX_FLOAT_RDFT, 0, static_cast<int>(n), &scale, 0) < 0) {
            throw std::bad_alloc();
        }
    }
    ~Impl() { av_tx_uninit(&context); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    std::size_t length;
    AlignedFloats in;
    AlignedFloats out;
    AVTXContext* context = nullptr;
    av_tx_fn function = nullptr;
};

RealFft::RealFft(std::size_t length) : impl_(std::make_unique<Impl>(length)) {}
RealFft::~RealFft() = default;

std::span<float> RealFft::input() {
    return {impl_->in.get(), impl_->length};
}

std::span<const std::complex<float>> RealFft::transform() {
    impl_->function(impl_->context, impl_->out.get(), impl_->in.get(), sizeof(float));
    return {reinterpret_cast<const std::complex<float>*>(impl_->out.get()), impl_->length / 2 + 1};
}

}  // namespace audio_ident::dsp
