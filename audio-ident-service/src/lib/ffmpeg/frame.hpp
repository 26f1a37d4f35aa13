#pragma once

#include <new>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/frame.h>
#include <libavutil/samplefmt.h>
}

namespace audio_ident::ffmpeg {

class Frame {
  public:
    Frame() : frame_(av_frame_alloc()) {
        if (frame_ == nullptr) throw std::bad_alloc();
    }
    /// Silence like the sound of another frame.
    Frame(const Frame& like, int samples) : Frame() {
        frame_->format = like->format;
        frame_->sample_rate = like->sample_rate;
        frame_->nb_samples = samples;
        const bool has_memory =
            av_channel_layout_copy(&frame_->ch_layout, &like->ch_layout) >= 0 && av_frame_get_buffer(frame_, 0) >= 0;
        if (!has_memory) throw std::bad_alloc();
        av_samples_set_silence(frame_->extended_data, 0, samples, frame_->ch_layout.nb_channels,
                               static_cast<AVSampleFormat>(frame_->format));
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
