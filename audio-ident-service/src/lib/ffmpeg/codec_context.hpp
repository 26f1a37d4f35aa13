#pragma once

#include "lib/ffmpeg/frame.hpp"
#include "lib/ffmpeg/packet.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace audio_ident::ffmpeg {

/// An open audio decoder that runs on the calling thread. The program decodes files in parallel, not parts of one file.
class CodecContext {
  public:
    /// Throws Error.
    CodecContext(const AVCodec& codec, const AVCodecParameters& parameters, AVRational time_base);
    ~CodecContext() { avcodec_free_context(&context_); }
    CodecContext(const CodecContext&) = delete;
    CodecContext& operator=(const CodecContext&) = delete;

    AVCodecContext* operator->() const { return context_; }

    // These return 0 or an AVERROR code.
    int send(const Packet& packet) { return avcodec_send_packet(context_, packet.get()); }
    int send_end() { return avcodec_send_packet(context_, nullptr); }
    /// AVERROR(EAGAIN): needs more packets. AVERROR_EOF: no frames are left.
    int receive(Frame& frame) { return avcodec_receive_frame(context_, frame.get()); }

  private:
    AVCodecContext* context_;
};

}  // namespace audio_ident::ffmpeg
