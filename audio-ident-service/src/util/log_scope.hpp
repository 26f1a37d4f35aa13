#pragma once

#include <string>

namespace audio_ident::util {

/// While it lives, every line that this thread logs carries the id of a request.
class LogScope {
  public:
    explicit LogScope(const std::string& request_id) : before_(current_) { current_ = &request_id; }
    ~LogScope() { current_ = before_; }
    LogScope(const LogScope&) = delete;
    LogScope& operator=(const LogScope&) = delete;

    /// nullptr when there is no request.
    static const std::string* request_id() { return current_; }

  private:
    static inline thread_local const std::string* current_ = nullptr;
    const std::string* before_;
};

}  // namespace audio_ident::util
