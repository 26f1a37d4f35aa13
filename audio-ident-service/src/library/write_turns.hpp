#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stop_token>

namespace audio_ident::library {

/// Decides who may change the library next. A background ingest takes hours, an interactive change seconds. So the
/// ingest pauses while interactive changes wait, and continues after them. Thread-safe. Must outlive the objects that
/// it returns.
class WriteTurns {
  public:
    /// An interactive change that waits for the library's lock, or holds it.
    class Request {
      public:
        explicit Request(WriteTurns& turns);
        ~Request();
        Request(const Request&) = delete;
        Request& operator=(const Request&) = delete;

      private:
        WriteTurns& turns_;
    };

    /// Waits until no interactive change needs the lock, and returns a token that is stopped as soon as one does. The
    /// ingest then finishes the files that it has begun, releases the lock and calls this again.
    std::stop_token wait_for_turn(const std::stop_token& stop);

  private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::size_t requests_ = 0;
    std::stop_source job_;
};

}  // namespace audio_ident::library
