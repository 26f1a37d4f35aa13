#include "audio/container.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "audio/data_chunk.hpp"
#include "audio/file_tags.hpp"
#include "audio/head.hpp"
#include "audio/stream_info.hpp"
#include "audio/tags.hpp"
#include "lib/ffmpeg/error.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace audio_ident::audio {

namespace {

// Formats that are not recordings: playlists, stream addresses, scripts, chip music that plays for ever, and devices.
// Even without this list FFmpeg could not open anything but the input (see ffmpeg::FormatContext).
constexpr std::string_view kRefused[] = {
    "concat", "dash",   "ffmetadata",         "hls", "image2",    "imf", "lavfi", "libgme", "rtp", "rtsp", "sap", "sbg",
    "sdp",    "vobsub", "webm_dash_manifest", "tty", "image2pipe"};

bool is_refused(const AVInputFormat& format) {
    return (format.flags & (AVFMT_NOFILE | AVFMT_NEEDNUMBER)) != 0 ||
           std::find(std::begin(kRefused), std::end(kRefused), format.name) != std::end(kRefused);
}

/// Whether the stream is encrypted, so that only a shop's own player can decode it (FairPlay, Common Encryption,
/// Audible).
bool is_protected(const AVStream& stream) {
    const std::uint32_t tag = stream.codecpar->codec_tag;
    return tag == MKTAG('d', 'r', 'm', 's') || tag == MKTAG('e', 'n', 'c', 'a') || tag == MKTAG('a', 'a', 'v', 'd');
}

/// Where an Ogg file holds one Opus stream after the other, FFmpeg hands out the headers of the later ones as packets.
bool is_opus_header(const ffmpeg::Packet& packet) {
    const std::string_view data(reinterpret_cast<const char*>(packet->data), static_cast<std::size_t>(packet->size));
    return data.starts_with("OpusHead") || data.starts_with("OpusTags");
}

/// The stream that a player would begin with has the highest number.
int preference(const AVStream& stream) {
    constexpr int kAside = AV_DISPOSITION_COMMENT | AV_DISPOSITION_VISUAL_IMPAIRED | AV_DISPOSITION_DESCRIPTIONS;
    if ((stream.disposition & kAside) != 0) return 0;
    return (stream.disposition & AV_DISPOSITION_DEFAULT) != 0 ? 2 : 1;
}

}  // namespace

Container::Container(Input input, const Deadline& deadline)
    : input_(std::move(input)), deadline_(deadline), io_(*input_.bytes, [this] { return deadline_.expired(); }) {}

Result<std::unique_ptr<Container>> Container::open(Input input, const Deadline& deadline, std::optional<int> stream) {
    std::unique_ptr<Container> container(new Container(std::move(input), deadline));
    if (auto opened = container->open_format(); !opened) return forward(opened);
    if (auto chosen = container->choose_stream(stream); !chosen) return forward(chosen);
    return container;
}

Result<void> Container::open_format() {
    // FFmpeg may take its bytes for those of another format.
    if (is_midi(*input_.bytes)) return *told_by_head();
    const AVInputFormat* format = nullptr;
    try {
        format = ffmpeg::probe_format(*input_.bytes);
    } catch (const ffmpeg::Error& error) {
        return cannot_read(error.code());
    }
    if (format == nullptr) {
        if (const auto told = told_by_head()) return *told;
        return fail(ErrorKind::unsupported, "{}: not audio: the content matches no known format; give an audio file",
                    name());
    }
    if (is_refused(*format)) {
        return fail(
            ErrorKind::unsupported,
            "{}: not audio: the file is a playlist, a script or a stream address ({}), not a recording; give the "
            "audio files themselves",
            name(), format->name);
    }
    try {
        format_.emplace(io_, *format);
        // Microseconds of a stream, whose listener waits; fewer where a header has told what comes.
        constexpr std::int64_t kLongestLook = 1'000'000;
        constexpr std::int64_t kLongestLookAfterHeader = 100'000;
        const bool has_header = (format_->get()->ctx_flags & AVFMTCTX_NOHEADER) == 0;
        if (!input_.bytes->seekable())
            format_->get()->max_analyze_duration = has_header ? kLongestLookAfterHeader : kLongestLook;
        format_->find_stream_info();
    } catch (const ffmpeg::Error& error) {
        return failure(error.code(), "the header cannot be read");
    }
    return check_medium();
}

Result<void> Container::choose_stream(std::optional<int> number) {
    AVFormatContext& context = *format_->get();
    const AVStream* undecodable = nullptr;
    int audio_streams = 0;
    int chosen = 0;
    for (unsigned i = 0; i < context.nb_streams; ++i) {
        AVStream* stream = context.streams[i];
        stream->discard = AVDISCARD_ALL;
        if (stream->codecpar->codec_type != AVMEDIA_TYPE_AUDIO) continue;
        ++audio_streams;
        if (number && *number != audio_streams) continue;
        const AVCodec* codec = avcodec_find_decoder(stream->codecpar->codec_id);
        if (codec == nullptr) {
            undecodable = stream;
        } else if (stream_ == nullptr || preference(*stream) > preference(*stream_)) {
            stream_ = stream;
            codec_ = codec;
            chosen = audio_streams;
        }
    }
    if (stream_ == nullptr) return no_stream(number, audio_streams, undecodable);
    if (is_protected(*stream_)) {
        return fail(
            ErrorKind::unsupported,
            "{}: the file is protected (DRM), so only its shop's own player can decode it; give a version without "
            "protection",
            name());
    }
    stream_->discard = AVDISCARD_DEFAULT;
    info_ = describe_stream(context, *stream_);
    if (input_.bytes->seekable()) info_.tags = read_tags(*input_.bytes, context, *stream_, input_.tag_encoding);
    info_.audio_streams = audio_streams;
    info_.chosen_stream = chosen;
    return {};
}

Unexpected Container::no_stream(std::optional<int> number, int audio_streams, const AVStream* undecodable) const {
    if (undecodable != nullptr) {
        return fail(ErrorKind::unsupported, "{}: there is no decoder for its audio ({}); convert it to FLAC or MP3",
                    name(), avcodec_get_name(undecodable->codecpar->codec_id));
    }
    if (number && audio_streams > 0) {
        return fail(ErrorKind::invalid_input, "{}: has {} audio stream{}, so there is no stream {}", name(),
                    audio_streams, audio_streams == 1 ? "" : "s", *number);
    }
    if (const auto told = told_by_head()) return *told;
    return fail(ErrorKind::invalid_input, "{}: there is no audio stream in the file; give a file with sound", name());
}

std::optional<double> Container::stated_seconds(double decoded_seconds) const {
    if (!input_.bytes->seekable()) return std::nullopt;
    const auto samples = find_data_chunk(*input_.bytes, format_->get()->iformat->name);
    if (samples && samples->present_bytes > 0 && samples->stated_bytes > samples->present_bytes) {
        return decoded_seconds * static_cast<double>(samples->stated_bytes) /
               static_cast<double>(samples->present_bytes);
    }
    return stated_duration(*format_->get(), *stream_);
}

std::int64_t Container::first_timestamp() const {
    return stream_->start_time == AV_NOPTS_VALUE ? 0 : std::max<std::int64_t>(0, stream_->start_time);
}

void Container::seek(double seconds) {
    const AVRational unit = stream_->time_base;
    const std::int64_t first = first_timestamp();
    const auto place = av_sat_add64(first, std::llround(std::min(seconds, 1e9) / av_q2d(unit)));
    if (!format_->seek(stream_->index, place)) format_->seek(stream_->index, first);
}

int Container::read(ffmpeg::Packet& packet) {
    while (true) {
        packet.unref();
        // A demuxer that finds the packet in memory does not call the interrupt callback.
        if (io_.interrupted()) return AVERROR_EXIT;
        const int code = format_->read(packet);
        if (code < 0) return code;
        if (packet->stream_index == stream_->index && !is_opus_header(packet)) return code;
    }
}

bool Container::has_bare_packets() const {
    const std::string_view format = format_->get()->iformat->name;
    return format == "mp3" || format == "aac";
}

std::int64_t Container::position() const {
    return avio_tell(format_->get()->pb);
}

Unexpected Container::failure(int code, const char* doing) const {
    if (code == AVERROR_EXIT) return out_of_time();
    if (const auto medium = check_medium(); !medium) return forward(medium);
    if (code == AVERROR(ENOMEM)) {
        return fail(ErrorKind::corrupt, "{}: its header asks for more memory than is allowed; copy the file again",
                    name());
    }
    if (const auto told = told_by_head()) return *told;
    const std::string cause = clean_tag(log_.first_error()).value_or(ffmpeg::describe(code));
    if (code == AVERROR_PATCHWELCOME || code == AVERROR(ENOSYS) || code == AVERROR_DECODER_NOT_FOUND) {
        return fail(ErrorKind::unsupported, "{}: {} by the installed FFmpeg libraries ({}); convert it to FLAC or MP3",
                    name(), doing, cause);
    }
    return fail(ErrorKind::corrupt, "{}: {} ({}): the file is damaged or incomplete; copy it again", name(), doing,
                cause);
}

Result<void> Container::check_medium() const {
    if (io_.was_interrupted()) return out_of_time();
    if (io_.read_error() != 0) return cannot_read(io_.read_error());
    return {};
}

Unexpected Container::out_of_time() const {
    return deadline_.stop_requested() ? fail(ErrorKind::timeout, "{}: decoding was cancelled", name())
                                      : fail(ErrorKind::timeout, "{}: decoding took too long", name());
}

Unexpected Container::cannot_read(int code) const {
    return fail(ErrorKind::not_available, "{}: reading failed: {}; check the disk or the network share", name(),
                ffmpeg::describe(code));
}

std::optional<Unexpected> Container::told_by_head() const {
    ffmpeg::ByteSource& bytes = *input_.bytes;
    if (is_midi(bytes)) {
        return fail(ErrorKind::unsupported,
                    "{}: not audio: the file is MIDI, which has notes but no sound; record it with a synthesiser first",
                    name());
    }
    if (starts_as_text(bytes))
        return fail(ErrorKind::unsupported, "{}: not audio: the file is text; give an audio file", name());
    if (misses_beginning(bytes)) {
        return fail(
            ErrorKind::corrupt,
            "{}: the beginning of the recording is missing, which says how to decode the rest; give all pieces, "
            "from the first on",
            name());
    }
    return std::nullopt;
}

}  // namespace audio_ident::audio
