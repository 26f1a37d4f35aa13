#pragma once

#include <stdexcept>
#include <string>

namespace audio_ident::ffmpeg {

/// FFmpeg's message for one of its error codes ("Invalid data found when processing input").
std::string describe(int code);

/// The exception of the FFmpeg wrappers. Its message is what the library logged, or else describe().
class Error : public std::runtime_error {
  public:
    explicit Error(int code) : std::runtime_error(describe(code)), code_(code) {}
    Error(int code, const std::string& message) : std::runtime_error(message), code_(code) {}

    int code() const { return code_; }

  private:
    int code_;
};

}  // namespace audio_ident::ffmpeg
