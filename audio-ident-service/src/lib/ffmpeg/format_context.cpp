#include "lib/ffmpeg/format_context.hpp"

#include <array>
#include <new>
#include <vector>

#include "lib/ffmpeg/error.hpp"
#include "lib/ffmpeg/library.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/mem.h>
}

namespace audio_ident::ffmpeg {

namespace {

constexpr int kId3HeaderBytes = 10;
constexpr int kMinProbeBytes = 4 << 10;
constexpr int kMinStreamProbeBytes = 256;  // a browser sends 4 KB a second
constexpr int kMaxProbeBytes = 1 << 20;

/// The size of the ID3v2 tag at `offset`, including its header; 0 when there is none.
std::int64_t id3_tag_bytes(ByteSource& source, std::int64_t offset) {
    std::array<std::uint8_t, kId3HeaderBytes> h{};
    if (source.read_at(offset, h) != kId3HeaderBytes) return 0;
    if (h[0] != 'I' || h[1] != 'D' || h[2] != '3' || ((h[6] | h[7] | h[8] | h[9]) & 0x80) != 0) return 0;
    const std::int64_t body = h[6] << 21 | h[7] << 14 | h[8] << 7 | h[9];
    const bool has_footer = (h[5] & 0x10) != 0;
    return body + kId3HeaderBytes * (has_footer ? 2 : 1);
}

/// Fills `out` as far as the source allows. Returns the number of bytes or a negative AVERROR code.
int read_fully(ByteSource& source, std::int64_t offset, std::span<std::uint8_t> out) {
    int filled = 0;
    while (static_cast<std::size_t>(filled) < out.size()) {
        const int count = source.read_at(offset + filled, out.subspan(static_cast<std::size_t>(filled)));
        if (count < 0) return count;
        if (count == 0) break;
        filled += count;
    }
    return filled;
}

int refuse_to_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
    return AVERROR(EPERM);
}

int is_interrupted(void* io) {
    return static_cast<IoContext*>(io)->interrupted() ? 1 : 0;
}

const std::string& audio_decoder_names() {
    static const std::string names = [] {
        std::string list;
        void* state = nullptr;
        while (const AVCodec* codec = av_codec_iterate(&state)) {
            if (codec->type == AVMEDIA_TYPE_AUDIO && av_codec_is_decoder(codec) != 0)
                list += std::string(codec->name) + ',';
        }
        return list;
    }();
    return names;
}

char* duplicate(const char* text) {
    char* copy = av_strdup(text);
    if (copy == nullptr) throw std::bad_alloc();
    return copy;
}

}  // namespace

const AVInputFormat* probe_format(ByteSource& source) {
    // Embedded art can be larger than the probed part, so start after the tags.
    std::int64_t start = 0;
    while (const std::int64_t bytes = id3_tag_bytes(source, start)) {
        if (start + bytes >= source.size()) break;
        start += bytes;
    }
    std::vector<std::uint8_t> head;
    for (int size = source.seekable() ? kMinProbeBytes : kMinStreamProbeBytes;; size *= 4) {
        head.assign(static_cast<std::size_t>(size) + AVPROBE_PADDING_SIZE, 0);
        const int count = read_fully(source, start, std::span(head).first(static_cast<std::size_t>(size)));
        if (count < 0) throw Error(count);
        const AVProbeData data{"", head.data(), count, nullptr};
        int score = 0;
        const AVInputFormat* format = av_probe_input_format3(&data, 1, &score);
        const bool is_last = count < size || size >= kMaxProbeBytes;
        if (format != nullptr && score > (is_last ? 0 : AVPROBE_SCORE_RETRY)) return format;
        if (is_last) return nullptr;
    }
}

FormatContext::FormatContext(IoContext& io, const AVInputFormat& format) {
    set_up_library();
    context_ = avformat_alloc_context();
    if (context_ == nullptr) throw std::bad_alloc();
    context_->pb = io.get();
    context_->flags |= AVFMT_FLAG_CUSTOM_IO;
    context_->interrupt_callback = {&is_interrupted, &io};
    context_->io_open = &refuse_to_open;
    context_->max_streams = 100;
    try {
        context_->protocol_whitelist = duplicate("none");
        context_->codec_whitelist = duplicate(audio_decoder_names().c_str());
    } catch (...) {
        avformat_free_context(context_);
        throw;
    }
    // On failure this frees the context.
    const int code = avformat_open_input(&context_, "", &format, nullptr);
    if (code < 0) throw Error(code);
}

FormatContext::~FormatContext() {
    avformat_close_input(&context_);
}

void FormatContext::find_stream_info() {
    const int code = avformat_find_stream_info(context_, nullptr);
    if (code < 0) throw Error(code);
}

}  // namespace audio_ident::ffmpeg
