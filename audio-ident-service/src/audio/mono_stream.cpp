#include "audio/mono_stream.hpp"

#include <algorithm>

#include "audio/downmix.hpp"
#include "lib/ffmpeg/error.hpp"

extern "C" {
#include <libavutil/error.h>
#include <libavutil/frame.h>
}

namespace audio_ident::audio {

namespace {

// One filter for ingest and search. At 16 kHz it is flat (0.01 dB) to 6 kHz, 0.1 dB down at 6.5 and 0.9 dB at 7 kHz; what
// folds back below 6.5 kHz lies 75 dB down, below 7 kHz 37 dB. The fingerprint looks at less than 5 kHz, and a log-mel
// network barely at the top. Measured from 44.1 kHz: 32 taps (the library's default) reach 0.4 dB at 7 kHz and -62 dB for
// 18 % more time, 64 taps are flat to 7 kHz for twice the time, 16 taps lose 2 dB at 7 kHz and save 24 %. With 32 taps,
// resampling took 15 % of the time of decoding Vorbis and 14 % of MP3.
constexpr ffmpeg::ResamplerOptions kFilter{.filter_size = 24, .cutoff = 0.97, .kaiser_beta = 9};

}  // namespace

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
    if (source_rate_hz != sample_rate_hz_) resampler_.emplace(source_rate_hz, sample_rate_hz_, kFilter);
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
