#include "lib/ffmpeg/flac_writer.hpp"

#include <algorithm>
#include <cmath>

#include "lib/ffmpeg/error.hpp"
#include "lib/ffmpeg/frame.hpp"
#include "lib/ffmpeg/packet.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/dict.h>
}

namespace audio_ident::ffmpeg {
namespace {

int check(int code) {
    if (code < 0) throw Error(code);
    return code;
}

std::int16_t sixteen_bits(float sample) {
    return static_cast<std::int16_t>(std::clamp(std::lround(sample * 32768.0F), -32768L, 32767L));
}

}  // namespace

FlacWriter::FlacWriter(const std::filesystem::path& file, const Format& format, const Tags& tags) {
    try {
        open(file, format, tags);
    } catch (...) {
        close();
        throw;
    }
}

FlacWriter::~FlacWriter() {
    close();
}

void FlacWriter::open(const std::filesystem::path& file, const Format& format, const Tags& tags) {
    const AVCodec* encoder = avcodec_find_encoder(AV_CODEC_ID_FLAC);
    if (encoder == nullptr) throw Error(AVERROR_ENCODER_NOT_FOUND);
    check(avformat_alloc_output_context2(&format_, nullptr, "flac", nullptr));
    format_->flags |= AVFMT_FLAG_BITEXACT;
    // Without this prefix, a ':' in the name would end a protocol.
    check(avio_open(&format_->pb, ("file:" + file.string()).c_str(), AVIO_FLAG_WRITE));
    codec_ = avcodec_alloc_context3(encoder);
    AVStream* stream = avformat_new_stream(format_, nullptr);
    if (codec_ == nullptr || stream == nullptr) throw Error(AVERROR(ENOMEM));
    codec_->sample_fmt = AV_SAMPLE_FMT_S16;
    codec_->sample_rate = format.sample_rate_hz;
    codec_->time_base = {1, format.sample_rate_hz};
    codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
    av_channel_layout_default(&codec_->ch_layout, format.channels);
    check(avcodec_open2(codec_, encoder, nullptr));
    check(avcodec_parameters_from_context(stream->codecpar, codec_));
    stream->time_base = codec_->time_base;
    for (const auto& [name, value] : tags) check(av_dict_set(&format_->metadata, name.c_str(), value.c_str(), 0));
    check(avformat_write_header(format_, nullptr));
}

void FlacWriter::close() {
    avcodec_free_context(&codec_);
    if (format_ == nullptr) return;
    if (format_->pb != nullptr) avio_closep(&format_->pb);
    avformat_free_context(format_);
    format_ = nullptr;
}

void FlacWriter::write(std::span<const float> samples) {
    pending_.insert(pending_.end(), samples.begin(), samples.end());
    const auto size =
        static_cast<std::size_t>(codec_->frame_size) * static_cast<std::size_t>(codec_->ch_layout.nb_channels);
    std::size_t done = 0;
    for (; pending_.size() - done >= size; done += size) encode(std::span(pending_).subspan(done, size));
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(done));
}

void FlacWriter::finish() {
    if (!pending_.empty()) encode(pending_);
    check(avcodec_send_frame(codec_, nullptr));
    drain();
    check(av_write_trailer(format_));
    check(avio_closep(&format_->pb));
}

void FlacWriter::encode(std::span<const float> samples) {
    const Frame frame;
    frame->nb_samples = static_cast<int>(samples.size()) / codec_->ch_layout.nb_channels;
    frame->format = codec_->sample_fmt;
    frame->sample_rate = codec_->sample_rate;
    frame->pts = position_;
    position_ += frame->nb_samples;
    check(av_channel_layout_copy(&frame->ch_layout, &codec_->ch_layout));
    check(av_frame_get_buffer(frame.get(), 0));
    std::transform(samples.begin(), samples.end(), reinterpret_cast<std::int16_t*>(frame->data[0]), sixteen_bits);
    check(avcodec_send_frame(codec_, frame.get()));
    drain();
}

void FlacWriter::drain() {
    Packet packet;
    while (true) {
        const int code = avcodec_receive_packet(codec_, packet.get());
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
        check(code);
        av_packet_rescale_ts(packet.get(), codec_->time_base, format_->streams[0]->time_base);
        check(av_interleaved_write_frame(format_, packet.get()));
    }
}

}  // namespace audio_ident::ffmpeg
