#include "audio/pcm_stream.hpp"

#include <algorithm>

#include "lib/ffmpeg/error.hpp"

extern "C" {
#include <libavutil/error.h>
#include <libavutil/frame.h>
}

namespace audio_ident::audio {

namespace {

// Ingest and search use the same filter. At 16 kHz it is flat (0.01 dB) up to 6 kHz, 0.1 dB down at 6.5 kHz and 0.9 dB
// at 7 kHz. Aliases are 75 dB down below 6.5 kHz and 37 dB below 7 kHz. The fingerprint uses only frequencies below 5
// kHz, and a log-mel network depends little on the top of the band.
// Measured from 44.1 kHz: 32 taps (the library's default) lose 0.4 dB at 7 kHz with aliases at -62 dB, for 18 % more
// time; 64 taps are flat to 7 kHz but take twice the time; 16 taps lose 2 dB at 7 kHz and save 24 %. With 32 taps,
// resampling took 15 % of the time for decoding Vorbis and 14 % for MP3.
constexpr ffmpeg::ResamplerOptions kFilter{.filter_size = 24, .cutoff = 0.97, .kaiser_beta = 9};

}  // namespace

Flow PcmStream::consume(const AVFrame& frame, int source_rate_hz) {
    if (source_rate_hz != source_rate_hz_ && change_rate(source_rate_hz) == Flow::stop) return Flow::stop;
    const bool known = lanes_.size() == 1 ? mixer_.consume(frame, source_rate_hz)
                                          : mean_of_side(frame, Side::left, lanes_[0].samples) &&
                                                mean_of_side(frame, Side::right, lanes_[1].samples);
    if (!known) throw ffmpeg::Error(AVERROR_PATCHWELCOME);
    samples_in_ += frame.nb_samples;
    return convert();
}

Flow PcmStream::finish() {
    mixer_.flush();
    for (Lane& lane : lanes_) lane.samples.clear();
    if (convert() == Flow::stop) return Flow::stop;
    for (Lane& lane : lanes_) lane.ready = lane.resampler ? lane.resampler->flush() : std::span<const float>();
    return deliver();
}

Flow PcmStream::convert() {
    for (Lane& lane : lanes_) {
        const std::span<const float> samples =
            lanes_.size() == 1 ? mixer_.take() : std::span<const float>(lane.samples);
        lane.ready = lane.resampler ? lane.resampler->convert(samples) : samples;
    }
    return deliver();
}

double PcmStream::seconds() const {
    return source_rate_hz_ == 0 ? 0 : seconds_before_ + static_cast<double>(samples_in_) / source_rate_hz_;
}

Flow PcmStream::change_rate(int source_rate_hz) {
    if (finish() == Flow::stop) return Flow::stop;
    seconds_before_ = seconds();
    samples_in_ = 0;
    source_rate_hz_ = source_rate_hz;
    for (Lane& lane : lanes_) {
        lane.resampler.reset();
        if (source_rate_hz != sample_rate_hz_)
            lane.resampler = std::make_unique<ffmpeg::Resampler>(source_rate_hz, sample_rate_hz_, kFilter);
    }
    return Flow::proceed;
}

Flow PcmStream::deliver() {
    const auto dropped = static_cast<std::size_t>(std::min(to_drop_, std::ssize(lanes_[0].ready)));
    to_drop_ -= std::ssize(lanes_[0].ready.first(dropped));
    for (Lane& lane : lanes_) lane.ready = lane.ready.subspan(std::min(dropped, lane.ready.size()));
    std::size_t count = lanes_[0].ready.size();
    if (max_samples_) {
        const std::int64_t room = *max_samples_ - samples_out_;
        count = std::min(count, static_cast<std::size_t>(std::max<std::int64_t>(0, room)));
    }
    if (count > 0) {
        samples_out_ += static_cast<std::int64_t>(count);
        std::span<const float> samples = lanes_[0].ready.first(count);
        if (lanes_.size() > 1) {
            interleaved_.clear();
            for (std::size_t i = 0; i < count; ++i) {
                for (const Lane& lane : lanes_) interleaved_.push_back(lane.ready[i]);
            }
            samples = interleaved_;
        }
        if (sink_(samples) == Flow::stop) return Flow::stop;
    }
    return max_samples_ && samples_out_ >= *max_samples_ ? Flow::stop : Flow::proceed;
}

}  // namespace audio_ident::audio
