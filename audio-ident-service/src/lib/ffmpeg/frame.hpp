#pragma once

#include <new>

extern "C" {
#include <libavutil/frame.h>
}

namespace audio_ident::ffmpeg {

class Frame {
  public:
    Frame() : frame_(av_frame_alloc()) {
        if (frame_ == nullptr) throw std::bad_alloc();
    }
    ~Frame() { av_frame_free(&frame_); }
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

    AVFrame* get() const { return frame_; }
    AVFrame* operator->() const { return frame_; }
    AVFrame& operator*() const { return *frame_; }

  private:
    AVFrame* frame_;
};

}  // namespace audio_ident::ffmpeg
