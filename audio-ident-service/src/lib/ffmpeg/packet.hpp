#pragma once

#include <new>

extern "C" {
#include <libavcodec/packet.h>
}

namespace audio_ident::ffmpeg {

class Packet {
  public:
    Packet() : packet_(av_packet_alloc()) {
        if (packet_ == nullptr) throw std::bad_alloc();
    }
    ~Packet() { av_packet_free(&packet_); }
    Packet(const Packet&) = delete;
    Packet& operator=(const Packet&) = delete;

    AVPacket* get() const { return packet_; }
    AVPacket* operator->() const { return packet_; }
    void unref() { av_packet_unref(packet_); }

  private:
    AVPacket* packet_;
};

}  // namespace audio_ident::ffmpeg
