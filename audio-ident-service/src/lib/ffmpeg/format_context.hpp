#pragma once

#include <string>

#include "lib/ffmpeg/io.hpp"
#include "lib/ffmpeg/packet.hpp"

extern "C" {
#include <libavformat/avformat.h>
}

namespace audio_ident::ffmpeg {

/// The demuxer that fits the bytes, by content alone (a name's extension proves nothing); nullptr: none does.
/// Throws Error when the source cannot be read.
const AVInputFormat* probe_format(ByteSource& source);

/// An open container. It reads through its IoContext only: whatever the content says, no other file and no address is
/// ever opened, and only audio decoders are ever started. Both arguments must outlive it. Throws Error.
class FormatContext {
  public:
    FormatContext(IoContext& io, const AVInputFormat& format);
    ~FormatContext();
    FormatContext(const FormatContext&) = delete;
    FormatContext& operator=(const FormatContext&) = delete;

    AVFormatContext* get() const { return context_; }
    AVFormatContext* operator->() const { return context_; }

    /// Reads ahead until every stream's parameters are known, as far as they can be.
    void find_stream_info();
    /// The next packet of any stream. Returns 0 or an AVERROR code; AVERROR_EOF at the end.
    int read(Packet& packet) { return av_read_frame(context_, packet.get()); }

  private:
    AVFormatContext* context_ = nullptr;
};

}  // namespace audio_ident::ffmpeg
