#include "lib/ffmpeg/codec_context.hpp"

#include <new>

#include "lib/ffmpeg/error.hpp"

namespace audio_ident::ffmpeg {

namespace {
/// No codec has frames longer than a few seconds. A file that claims longer ones would exhaust memory.
constexpr std::int64_t kMaxSamplesPerFrame = std::int64_t{1} << 22;
}  // namespace

CodecContext::CodecContext(const AVCodec& codec, const AVCodecParameters& parameters, AVRational time_base)
    : context_(avcodec_alloc_context3(&codec)) {
    if (context_ == nullptr) throw std::bad_alloc();
    int code = avcodec_parameters_to_context(context_, &parameters);
    if (code >= 0) {
        context_->pkt_timebase = time_base;
        context_->thread_count = 1;
        context_->max_samples = kMaxSamplesPerFrame;
        code = avcodec_open2(context_, &codec, nullptr);
    }
    if (code < 0) {
        avcodec_free_context(&context_);
        throw Error(code);
    }
}

}  // namespace audio_ident::ffmpeg
