#pragma once

#include <cstdarg>
#include <string>

namespace audio_ident::ffmpeg {

/// While one of these lives, the first error that FFmpeg logs on this thread is kept as first_error(): it often names a
/// cause that no error code carries ("moov atom not found"). They nest; each thread has its own.
class LogCapture {
  public:
    LogCapture();
    ~LogCapture();
    LogCapture(const LogCapture&) = delete;
    LogCapture& operator=(const LogCapture&) = delete;

    /// One line without its end; empty when nothing went wrong.
    const std::string& first_error() const { return first_error_; }

    /// FFmpeg's callback for its log; see set_up_library().
    static void receive(void*, int level, const char* format, va_list arguments);

  private:
    std::string first_error_;
    LogCapture* outer_;
};

}  // namespace audio_ident::ffmpeg
