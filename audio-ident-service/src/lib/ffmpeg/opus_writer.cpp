#include "lib/ffmpeg/opus_writer.hpp"

#include <algorithm>
#include <cstring>

#include "lib/ffmpeg/error.hpp"
#include "lib/ffmpeg/frame.hpp"
#include "lib/ffmpeg/packet.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/mem.h>
}

namespace audio_ident::ffmpeg {
namespace {

int check(int code) {
    if (code < 0) throw Error(code);
    return code;
}

void close(AVFormatContext*& format, AVCodecContext*& codec) {
    avcodec_free_context(&codec);
    if (format == nullptr) return;
    std::uint8_t* bytes = nullptr;
    if (format->pb != nullptr) avio_close_dyn_buf(format->pb, &bytes);
    av_free(bytes);
    avformat_free_context(format);
    format = nullptr;
}

}  // namespace

OpusWriter::OpusWriter(int channels, int bits_a_second) {
    const AVCodec* encoder = avcodec_find_encoder_by_name("libopus");
    if (encoder == nullptr) throw Error(AVERROR_ENCODER_NOT_FOUND);
    try {
        check(avformat_alloc_output_context2(&format_, nullptr, "ogg", nullptr));
        // No random serial number, so that the same samples give the same bytes.
        format_->flags |= AVFMT_FLAG_BITEXACT;
        check(avio_open_dyn_buf(&format_->pb));
        codec_ = avcodec_alloc_context3(encoder);
        AVStream* stream = avformat_new_stream(format_, nullptr);
        if (codec_ == nullptr || stream == nullptr) throw Error(AVERROR(ENOMEM));
        codec_->sample_fmt = AV_SAMPLE_FMT_FLT;
        codec_->sample_rate = kSampleRateHz;
        codec_->bit_rate = bits_a_second;
        codec_->time_base = {1, kSampleRateHz};
        codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
        av_channel_layout_default(&codec_->ch_layout, channels);
        check(avcodec_open2(codec_, encoder, nullptr));
        check(avcodec_parameters_from_context(stream->codecpar, codec_));
        stream->time_base = codec_->time_base;
        check(avformat_write_header(format_, nullptr));
    } catch (...) {
        close(format_, codec_);
        throw;
    }
}

OpusWriter::~OpusWriter() {
    close(format_, codec_);
}

void OpusWriter::write(std::span<const float> samples) {
    pending_.insert(pending_.end(), samples.begin(), samples.end());
    const auto size =
        static_cast<std::size_t>(codec_->frame_size) * static_cast<std::size_t>(codec_->ch_layout.nb_channels);
    std::size_t done = 0;
    for (; pending_.size() - done >= size; done += size) encode(std::span(pending_).subspan(done, size));
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(done));
}

std::string OpusWriter::finish() {
    if (!pending_.empty()) encode(pending_);
    check(avcodec_send_frame(codec_, nullptr));
    drain();
    check(av_write_trailer(format_));
    std::uint8_t* bytes = nullptr;
    const int size = avio_close_dyn_buf(format_->pb, &bytes);
    format_->pb = nullptr;
    std::string file(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    av_free(bytes);
    return file;
}

void OpusWriter::encode(std::span<const float> samples) {
    const Frame frame;
    frame->nb_samples = static_cast<int>(samples.size()) / codec_->ch_layout.nb_channels;
    frame->format = codec_->sample_fmt;
    frame->sample_rate = kSampleRateHz;
    frame->pts = position_;
    position_ += frame->nb_samples;
    check(av_channel_layout_copy(&frame->ch_layout, &codec_->ch_layout));
    check(av_frame_get_buffer(frame.get(), 0));
    std::memcpy(frame->data[0], samples.data(), samples.size_bytes());
    check(avcodec_send_frame(codec_, frame.get()));
    drain();
}

void OpusWriter::drain() {
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
