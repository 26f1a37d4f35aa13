#pragma once

#include <cstdarg>
#include <string>

namespace audio_ident::ffmpeg {

/// While an object lives, first_error() keeps the first error that FFmpeg logs on this thread. The text often names a
/// cause that no error code carries ("moov atom not found"). Objects may nest; each thread has its own.
class LogCapture {
  public:
    LogCapture();
    ~LogCapture();
    LogCapture(const LogCapture&) = delete;
    LogCapture& operator=(const LogCapture&) = delete;

    /// One line without the line break; empty when nothing went wrong.
    const std::string& first_error() const { return first_error_; }

    /// The log callback for FFmpeg; see set_up_library().
    static void receive(void*, int level, const char* format, va_list arguments);

  private:
    std::string first_error_;
    LogCapture* outer_;
};

}  // namespace audio_ident::ffmpeg
