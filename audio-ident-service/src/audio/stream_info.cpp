#include "audio/stream_info.hpp"

#include <limits>
#include <string_view>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace audio_ident::audio {

namespace {

std::string family(const AVFormatContext& format, AVCodecID codec) {
    std::string_view name = avcodec_get_name(codec);
    if (name.starts_with("pcm_") || name.starts_with("adpcm_")) {
        name = format.iformat->name;  // "wav", "aiff", "caf"; "mov,mp4,m4a,…"
        name = name.substr(0, name.find(','));
    } else if (name.starts_with("wma")) {
        name = "wma";
    } else if (name.starts_with("dsd_")) {
        name = "dsd";
    }
    return std::string(name.substr(0, 20));
}

std::optional<int> bitrate(const AVFormatContext& format, const AVStream& stream) {
    const std::int64_t bits = stream.codecpar->bit_rate > 0 ? stream.codecpar->bit_rate : format.bit_rate;
    if (bits <= 0 || bits > std::numeric_limits<int>::max()) return std::nullopt;
    return static_cast<int>(bits);
}

std::optional<double> claimed_duration(const AVFormatContext& format, const AVStream& stream) {
    if (stream.duration != AV_NOPTS_VALUE && stream.duration > 0) {
        return static_cast<double>(stream.duration) * av_q2d(stream.time_base);
    }
    if (format.duration != AV_NOPTS_VALUE && format.duration > 0) {
        return static_cast<double>(format.duration) / AV_TIME_BASE;
    }
    return std::nullopt;
}

/// Whether the container states one duration for sound and picture together.
bool shares_duration(const AVFormatContext& format) {
    const std::string_view name = format.iformat->name;
    if (name != "matroska,webm" && name != "flv" && name != "asf") return false;
    for (unsigned i = 0; i < format.nb_streams; ++i) {
        const AVStream& stream = *format.streams[i];
        const bool cover = (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
        if (stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !cover) return true;
    }
    return false;
}

}  // namespace

std::optional<double> stated_duration(const AVFormatContext& format, const AVStream& stream) {
    if (format.duration_estimation_method == AVFMT_DURATION_FROM_BITRATE || shares_duration(format))
        return std::nullopt;
    return claimed_duration(format, stream);
}

StreamInfo describe_stream(const AVFormatContext& format, const AVStream& stream) {
    StreamInfo info;
    info.format = family(format, stream.codecpar->codec_id);
    info.sample_rate_hz = stream.codecpar->sample_rate;
    info.channels = stream.codecpar->ch_layout.nb_channels;
    info.bitrate_bps = bitrate(format, stream);
    info.duration_seconds = claimed_duration(format, stream);
    return info;
}

}  // namespace audio_ident::audio
