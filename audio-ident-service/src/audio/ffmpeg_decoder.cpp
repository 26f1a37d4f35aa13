#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>

#include "audio/container.hpp"
#include "audio/decode_input.hpp"
#include "audio/lost_bytes.hpp"
#include "audio/pcm_stream.hpp"
#include "audio/stream_decoding.hpp"
#include "lib/ffmpeg/codec_context.hpp"
#include "lib/ffmpeg/error.hpp"
#include "lib/ffmpeg/frame.hpp"
#include "lib/ffmpeg/packet.hpp"

extern "C" {
#include <libavutil/avutil.h>
#include <libavutil/common.h>
}

namespace audio_ident::audio {

namespace {

// A sample rate outside this range is false or not music, and would make the resampler's filter or output huge. The
// upper bound is the highest DSD rate in use (256 times 44.1 kHz, 8 samples per byte), rounded up.
constexpr int kMinSampleRateHz = 1000;
constexpr int kMaxSampleRateHz = 1'536'000;

// A demuxer or decoder may fail at one place and continue at the next, but not for ever.
constexpr int kMaxReadFailures = 32;
constexpr int kMaxReceiveFailures = 32;

/// Headers may be wrong by this much (padding of the encoder, rounding). Audio that ends earlier is incomplete.
constexpr double kMaxMissingSeconds = 1;

/// Decoding begins so long before the wanted place: a codec needs some frames before its samples are right.
constexpr double kLeadSeconds = 0.5;

/// Time stamps may jitter by less than this. Damage leaves larger gaps.
constexpr double kMaxGapSeconds = 0.2;

/// Longer gaps are not filled: a time stamp may be damaged itself.
constexpr double kMaxFilledSeconds = 3600;
constexpr std::int64_t kSilentSamples = 4096;

/// The state of one decode, from the first packet to the last.
class Decoding {
  public:
    Decoding(Container& container, const DecodeOptions& options, const PcmSink& sink)
        : container_(container),
          codec_(container.codec(), *container.stream().codecpar, container.stream().time_base),
          pcm_(options.sample_rate_hz, options.channels, max_samples(options), sink),
          begin_seconds_(options.begin_seconds),
          sample_rate_hz_(options.sample_rate_hz),
          fill_gaps_(options.fill_gaps) {
        summary_.info = container.info();
        if (begin_seconds_ > 0) container_.seek(std::max(0.0, begin_seconds_ - kLeadSeconds));
    }

    Result<DecodeSummary> run() {
        Result<Flow> flow = Flow::proceed;
        int read_failures = 0;
        while (flow && *flow == Flow::proceed) {
            const int code = container_.read(packet_);
            if (code == AVERROR_EOF) break;
            if (const auto medium = container_.check_medium(); !medium) return forward(medium);
            if (code < 0) {
                ++summary_.damaged_frames;
                last_error_ = code;
                if (++read_failures == kMaxReadFailures) break;
                continue;
            }
            read_failures = 0;
            note_gap();
            if (fill_gaps_ && container_.has_bare_packets()) note_bytes();
            flow = decode(&packet_);
        }
        if (const auto medium = container_.check_medium(); !medium) return forward(medium);
        if (flow && *flow == Flow::proceed) flow = decode(nullptr);
        if (flow && *flow == Flow::proceed) flow = pcm_.finish();
        if (!flow) return forward(flow);
        const bool ends_before = begin_seconds_ > 0 && last_error_ == 0;
        if (!any_frame_ && *flow == Flow::proceed && !ends_before) return nothing_decoded();

        summary_.stopped_early = *flow == Flow::stop;
        summary_.duration_seconds = pcm_.seconds();
        summary_.samples = pcm_.samples_out();
        summary_.stated_seconds = stated_seconds();
        return summary_;
    }

  private:
    static std::optional<std::int64_t> max_samples(const DecodeOptions& options) {
        if (!options.max_seconds) return std::nullopt;
        const double samples = std::ceil(std::max(0.0, *options.max_seconds) * options.sample_rate_hz);
        return samples < 1e18 ? static_cast<std::int64_t>(samples) : std::numeric_limits<std::int64_t>::max();
    }

    /// Some containers (Ogg) silently drop damaged data. Only the time stamps show the gap.
    void note_gap() {
        if (packet_->pts == AV_NOPTS_VALUE) return;
        const AVRational unit = container_.stream().time_base;
        if (next_pts_ != AV_NOPTS_VALUE && packet_->pts > next_pts_ &&
            static_cast<double>(packet_->pts - next_pts_) * av_q2d(unit) > kMaxGapSeconds) {
            const std::int64_t frames = packet_->duration > 0 ? (packet_->pts - next_pts_) / packet_->duration : 1;
            summary_.damaged_frames += std::max<std::int64_t>(1, frames);
        }
        if (next_pts_ == AV_NOPTS_VALUE) first_pts_ = packet_->pts;
        next_pts_ = av_sat_add64(packet_->pts, std::max<std::int64_t>(0, packet_->duration));
    }

    void note_bytes() {
        const std::span packet(packet_->data, static_cast<std::size_t>(packet_->size));
        const double seconds = double(packet_->duration) * av_q2d(container_.stream().time_base);
        lost_.note(packet, seconds, container_.position());
    }

    /// Where the last packet ends, by its time stamp: later than the samples where some in the middle are lost.
    double end_seconds() const {
        if (next_pts_ == AV_NOPTS_VALUE) return 0;
        return static_cast<double>(av_sat_sub64(next_pts_, first_pts_)) * av_q2d(container_.stream().time_base);
    }

    /// See DecodeSummary.
    std::optional<double> stated_seconds() const {
        const auto stated = container_.stated_seconds(summary_.duration_seconds);
        if (summary_.stopped_early || !stated) return std::nullopt;
        const bool early = *stated - std::max(summary_.duration_seconds, end_seconds()) > kMaxMissingSeconds;
        return early ? stated : std::nullopt;
    }

    /// Sends a packet, or nullptr for the end, and consumes all frames that are ready.
    Result<Flow> decode(const ffmpeg::Packet* packet) {
        const int sent = packet != nullptr ? codec_.send(*packet) : codec_.send_end();
        if (sent < 0 && sent != AVERROR_EOF) {
            ++summary_.damaged_frames;
            last_error_ = sent;
        }
        for (int failures = 0; failures < kMaxReceiveFailures;) {
            const int code = codec_.receive(frame_);
            if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) break;
            if (code < 0) {
                // The decoder dropped data it could not use. Later frames may still be good.
                ++failures;
                ++summary_.damaged_frames;
                last_error_ = code;
                continue;
            }
            Result<Flow> flow = consume();
            if (!flow || *flow == Flow::stop) return flow;
        }
        return Flow::proceed;
    }

    Result<Flow> consume() {
        const int rate = frame_->sample_rate > 0 ? frame_->sample_rate : codec_->sample_rate;
        if (rate < kMinSampleRateHz || rate > kMaxSampleRateHz) {
            return fail(ErrorKind::unsupported, "{}: the sample rate is {} Hz, but only {} to {} Hz are supported",
                        container_.name(), rate, kMinSampleRateHz, kMaxSampleRateHz);
        }
        if (!any_frame_) {
            // Headers may omit the rate, or state half of it (HE-AAC).
            summary_.info.sample_rate_hz = rate;
            summary_.info.channels = frame_->ch_layout.nb_channels;
            drop_what_is_before();
        }
        any_frame_ = true;
        if (fill_gaps_) {
            const Flow flow = fill_gap(rate);
            if (flow == Flow::stop) return flow;
        }
        return pcm_.consume(*frame_, rate);
    }

    /// Gives silence when the frame's time (its stamp, and what was lost before it) is later than the end of what was
    /// decoded. A time stamp that goes back, or far ahead, begins a new count.
    Flow fill_gap(int rate) {
        if (frame_->best_effort_timestamp == AV_NOPTS_VALUE) return Flow::proceed;
        const double at =
            double(frame_->best_effort_timestamp) * av_q2d(container_.stream().time_base) + lost_.seconds();
        const double lost = zero_ ? at - *zero_ - pcm_.seconds() : 0;
        if (!zero_ || lost < -kMaxGapSeconds || lost > kMaxFilledSeconds) zero_ = at - pcm_.seconds();
        if (lost <= kMaxGapSeconds || lost > kMaxFilledSeconds) return Flow::proceed;
        for (auto missing = std::llround(lost * rate); missing > 0;) {
            const ffmpeg::Frame silence(frame_, static_cast<int>(std::min<std::int64_t>(missing, kSilentSamples)));
            if (pcm_.consume(*silence, rate) == Flow::stop) return Flow::stop;
            missing -= silence->nb_samples;
        }
        return Flow::proceed;
    }

    /// Drops what the first frame, and those after it, have of the time before the wanted place.
    void drop_what_is_before() {
        if (begin_seconds_ <= 0) return;
        const auto first = container_.first_timestamp();
        const auto at = frame_->best_effort_timestamp;
        const double unit = av_q2d(container_.stream().time_base);
        const double seconds = at == AV_NOPTS_VALUE ? 0 : double(at - first) * unit;
        const double missing = std::clamp(begin_seconds_ - seconds, 0.0, 1e9);
        pcm_.drop(std::llround(missing * sample_rate_hz_));
    }

    Unexpected nothing_decoded() const {
        if (last_error_ == 0) {
            return fail(ErrorKind::invalid_input, "{}: the file contains no audio samples; record or copy it again",
                        container_.name());
        }
        return container_.failure(last_error_, "no part of it could be decoded");
    }

    Container& container_;
    ffmpeg::CodecContext codec_;
    ffmpeg::Packet packet_;
    ffmpeg::Frame frame_;
    PcmStream pcm_;
    double begin_seconds_;
    int sample_rate_hz_;
    bool fill_gaps_;
    std::optional<double> zero_;  ///< time stamp, in seconds, of the first sample
    LostBytes lost_;
    DecodeSummary summary_;
    std::int64_t first_pts_ = 0;
    std::int64_t next_pts_ = AV_NOPTS_VALUE;  ///< expected time stamp of the next packet
    bool any_frame_ = false;
    int last_error_ = 0;
};

template <typename T, typename Work>
Result<T> guarded(const Work& work) {
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return fail(ErrorKind::internal, "out of memory while decoding");
    } catch (const std::exception& error) {
        return fail(ErrorKind::internal, "decoding failed: {}", error.what());
    }
}

class FfmpegDecoder final : public Decoder {
  public:
    explicit FfmpegDecoder(TagSettings tags) : tags_(std::move(tags)) {}

    Result<DecodeSummary> decode(const Source& source, const DecodeOptions& options,
                                 const PcmSink& sink) const override {
        auto input = open_input(source);
        if (!input) return forward(input);
        input->tag_encoding = tags_.fallback_encoding;
        return decode_input(std::move(*input), options, sink);
    }

    Result<StreamInfo> probe(const Source& source, const Deadline& deadline) const override {
        auto input = open_input(source);
        if (!input) return forward(input);
        input->tag_encoding = tags_.fallback_encoding;
        return probe_input(std::move(*input), deadline);
    }

    Result<std::unique_ptr<StreamDecoding>> decode_stream(const std::string& name,
                                                          const DecodeOptions& options) const override {
        return decode_stream_in_thread(name, options);
    }

  private:
    TagSettings tags_;
};

}  // namespace

Result<DecodeSummary> decode_input(Input input, const DecodeOptions& options, const PcmSink& sink) {
    if (options.sample_rate_hz < kMinSampleRateHz || options.sample_rate_hz > kMaxSampleRateHz) {
        return fail(ErrorKind::invalid_input, "cannot resample to {} Hz; only {} to {} Hz are supported",
                    options.sample_rate_hz, kMinSampleRateHz, kMaxSampleRateHz);
    }
    return guarded<DecodeSummary>([&]() -> Result<DecodeSummary> {
        auto container = Container::open(std::move(input), options.deadline, options.stream);
        if (!container) return forward(container);
        if (const StreamInfo& info = (*container)->info();
            options.max_claimed_seconds && info.duration_seconds.value_or(0) > *options.max_claimed_seconds) {
            DecodeSummary nothing;
            nothing.info = info;
            nothing.stopped_early = true;
            return nothing;
        }
        try {
            return Decoding(**container, options, sink).run();
        } catch (const ffmpeg::Error& error) {
            return (*container)->failure(error.code(), "it cannot be decoded");
        }
    });
}

Result<StreamInfo> probe_input(Input input, const Deadline& deadline) {
    return guarded<StreamInfo>([&]() -> Result<StreamInfo> {
        auto container = Container::open(std::move(input), deadline);
        if (!container) return forward(container);
        return (*container)->info();
    });
}

Result<std::unique_ptr<StreamDecoding>> Decoder::decode_stream(const std::string& name, const DecodeOptions&) const {
    return fail(ErrorKind::unsupported, "{}: this decoder takes no streams", name);
}

std::unique_ptr<Decoder> make_ffmpeg_decoder(TagSettings tags) {
    return std::make_unique<FfmpegDecoder>(std::move(tags));
}

}  // namespace audio_ident::audio
