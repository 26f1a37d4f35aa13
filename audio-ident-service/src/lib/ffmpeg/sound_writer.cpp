#include "lib/ffmpeg/sound_writer.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "lib/ffmpeg/error.hpp"
#include "lib/ffmpeg/frame.hpp"
#include "lib/ffmpeg/packet.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/dict.h>
#include <libavutil/mem.h>
}

namespace audio_ident::ffmpeg {
namespace {

int check(int code) {
    if (code < 0) throw Error(code);
    return code;
}

std::int16_t sixteen_bits_of(float sample) {
    return static_cast<std::int16_t>(std::clamp(std::lround(sample * 32768.0F), -32768L, 32767L));
}

}  // namespace

SoundWriter::SoundWriter(const Settings& settings) : in_memory_(!settings.file) {
    try {
        open(settings);
    } catch (...) {
        close();
        throw;
    }
}

SoundWriter::~SoundWriter() {
    close();
}

void SoundWriter::open(const Settings& settings) {
    const AVCodec* encoder = avcodec_find_encoder_by_name(settings.encoder);
    if (encoder == nullptr) throw Error(AVERROR_ENCODER_NOT_FOUND);
    check(avformat_alloc_output_context2(&format_, nullptr, settings.container, nullptr));
    // No random serial number, so that the same samples give the same bytes.
    format_->flags |= AVFMT_FLAG_BITEXACT;
    // Without the prefix, a ':' in the name would end a protocol.
    check(in_memory_ ? avio_open_dyn_buf(&format_->pb)
                     : avio_open(&format_->pb, ("file:" + settings.file->string()).c_str(), AVIO_FLAG_WRITE));
    codec_ = avcodec_alloc_context3(encoder);
    AVStream* stream = avformat_new_stream(format_, nullptr);
    if (codec_ == nullptr || stream == nullptr) throw Error(AVERROR(ENOMEM));
    codec_->sample_fmt = settings.sixteen_bits ? AV_SAMPLE_FMT_S16 : AV_SAMPLE_FMT_FLT;
    codec_->sample_rate = settings.sample_rate_hz;
    if (settings.bits_a_second > 0) codec_->bit_rate = settings.bits_a_second;
    codec_->time_base = {1, settings.sample_rate_hz};
    codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
    av_channel_layout_default(&codec_->ch_layout, settings.channels);
    check(avcodec_open2(codec_, encoder, nullptr));
    check(avcodec_parameters_from_context(stream->codecpar, codec_));
    stream->time_base = codec_->time_base;
    for (const auto& [name, value] : settings.tags)
        check(av_dict_set(&format_->metadata, name.c_str(), value.c_str(), 0));
    check(avformat_write_header(format_, nullptr));
}

std::string SoundWriter::close_output() {
    if (format_->pb == nullptr) return {};
    if (!in_memory_) {
        check(avio_closep(&format_->pb));
        return {};
    }
    std::uint8_t* bytes = nullptr;
    const int size = avio_close_dyn_buf(format_->pb, &bytes);
    format_->pb = nullptr;
    std::string file(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    av_free(bytes);
    return file;
}

void SoundWriter::close() {
    avcodec_free_context(&codec_);
    if (format_ == nullptr) return;
    try {
        close_output();
    } catch (const std::exception&) {
        // The file is given up anyway.
    }
    avformat_free_context(format_);
    format_ = nullptr;
}

void SoundWriter::write(std::span<const float> samples) {
    pending_.insert(pending_.end(), samples.begin(), samples.end());
    const auto size =
        static_cast<std::size_t>(codec_->frame_size) * static_cast<std::size_t>(codec_->ch_layout.nb_channels);
    std::size_t done = 0;
    for (; pending_.size() - done >= size; done += size) encode(std::span(pending_).subspan(done, size));
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(done));
}

std::string SoundWriter::finish() {
    if (!pending_.empty()) encode(pending_);
    check(avcodec_send_frame(codec_, nullptr));
    drain();
    check(av_write_trailer(format_));
    return close_output();
}

void SoundWriter::encode(std::span<const float> samples) {
    const Frame frame;
    frame->nb_samples = static_cast<int>(samples.size()) / codec_->ch_layout.nb_channels;
    frame->format = codec_->sample_fmt;
    frame->sample_rate = codec_->sample_rate;
    frame->pts = position_;
    position_ += frame->nb_samples;
    check(av_channel_layout_copy(&frame->ch_layout, &codec_->ch_layout));
    check(av_frame_get_buffer(frame.get(), 0));
    if (codec_->sample_fmt == AV_SAMPLE_FMT_FLT) std::memcpy(frame->data[0], samples.data(), samples.size_bytes());
    else std::ranges::transform(samples, reinterpret_cast<std::int16_t*>(frame->data[0]), sixteen_bits_of);
    check(avcodec_send_frame(codec_, frame.get()));
    drain();
}

void SoundWriter::drain() {
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
