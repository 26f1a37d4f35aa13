#pragma once

#include <cstdarg>
#include <string>

namespace audio_ident::ffmpeg {

/// Keeps FFmpeg from writing to stderr, for the whole process. While one of these lives, the first error that FFmpeg
/// logs on this thread is kept as first_error(): it often names a cause that no error code carries ("moov atom not
/// found"). They nest; each thread has its own.
class LogCapture {
  public:
    LogCapture();
    ~LogCapture();
    LogCapture(const LogCapture&) = delete;
    LogCapture& operator=(const LogCapture&) = delete;

    /// One line without its end; empty when nothing went wrong.
    const std::string& first_error() const { return first_error_; }

  private:
    std::string first_error_;
    LogCapture* outer_;

    static void receive(void*, int level, const char* format, va_list arguments);
};

}  // namespace audio_ident::ffmpeg
