#include "audio/mono_stream.hpp"

#include <algorithm>

#include "audio/downmix.hpp"
#include "lib/ffmpeg/error.hpp"

extern "C" {
#include <libavutil/error.h>
#include <libavutil/frame.h>
}

namespace audio_ident::audio {

Flow MonoStream::consume(const AVFrame& frame, int source_rate_hz) {
    if (source_rate_hz != source_rate_hz_ && change_rate(source_rate_hz) == Flow::stop) return Flow::stop;
    if (!mean_of_channels(frame, mono_)) throw ffmpeg::Error(AVERROR_PATCHWELCOME);
    samples_in_ += frame.nb_samples;
    return deliver(resampler_ ? resampler_->convert(mono_) : mono_);
}

Flow MonoStream::finish() {
    return resampler_ ? deliver(resampler_->flush()) : Flow::proceed;
}

double MonoStream::seconds() const {
    return source_rate_hz_ == 0 ? 0 : seconds_before_ + static_cast<double>(samples_in_) / source_rate_hz_;
}

Flow MonoStream::change_rate(int source_rate_hz) {
    if (finish() == Flow::stop) return Flow::stop;
    seconds_before_ = seconds();
    samples_in_ = 0;
    source_rate_hz_ = source_rate_hz;
    resampler_.reset();
    if (source_rate_hz != sample_rate_hz_)
        resampler_.emplace(source_rate_hz, sample_rate_hz_, ffmpeg::ResamplerOptions{});
    return Flow::proceed;
}

Flow MonoStream::deliver(std::span<const float> samples) {
    if (max_samples_) {
        const std::int64_t room = *max_samples_ - samples_out_;
        samples = samples.first(std::min(samples.size(), static_cast<std::size_t>(std::max<std::int64_t>(0, room))));
    }
    if (!samples.empty()) {
        samples_out_ += static_cast<std::int64_t>(samples.size());
        if (sink_(samples) == Flow::stop) return Flow::stop;
    }
    return max_samples_ && samples_out_ >= *max_samples_ ? Flow::stop : Flow::proceed;
}

}  // namespace audio_ident::audio
