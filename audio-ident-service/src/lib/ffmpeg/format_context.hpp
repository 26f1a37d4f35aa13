#pragma once

#include <string>

#include "lib/ffmpeg/io.hpp"
#include "lib/ffmpeg/packet.hpp"

extern "C" {
#include <libavformat/avformat.h>
}

namespace audio_ident::ffmpeg {

/// Finds the demuxer that matches the content. The file extension is ignored because it proves nothing. nullptr when
/// none matches. Throws Error when the source cannot be read.
const AVInputFormat* probe_format(ByteSource& source);

/// An open container. It reads only through its IoContext: whatever the content says, FFmpeg opens no other file and no
/// URL, and starts only audio decoders. Both arguments must outlive it. Throws Error.
class FormatContext {
  public:
    FormatContext(IoContext& io, const AVInputFormat& format);
    ~FormatContext();
    FormatContext(const FormatContext&) = delete;
    FormatContext& operator=(const FormatContext&) = delete;

    AVFormatContext* get() const { return context_; }
    AVFormatContext* operator->() const { return context_; }

    /// Reads ahead until the parameters of every stream are known, as far as possible.
    void find_stream_info();
    /// Goes to the last place of a stream at or before a time stamp from which decoding can begin. False when the
    /// container cannot be searched, or has no such place.
    bool seek(int stream, std::int64_t timestamp) {
        return avformat_seek_file(context_, stream, INT64_MIN, timestamp, timestamp, 0) >= 0;
    }
    /// Reads the next packet of any stream. Returns 0 or an AVERROR code; AVERROR_EOF at the end.
    int read(Packet& packet) { return av_read_frame(context_, packet.get()); }

  private:
    AVFormatContext* context_ = nullptr;
};

}  // namespace audio_ident::ffmpeg
