#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stop_token>

namespace audio_ident::library {

/// Who may change the library next. An ingest job takes hours, a request seconds: a job makes way while requests wait, and
/// goes on when none is left. Thread-safe; outlives what it gave out.
class WriteTurns {
  public:
    /// A request that wants the library's lock, or has it.
    class Request {
      public:
        explicit Request(WriteTurns& turns);
        ~Request();
        Request(const Request&) = delete;
        Request& operator=(const Request&) = delete;

      private:
        WriteTurns& turns_;
    };

    /// Waits until no request wants the lock. What is returned is stopped as soon as one does: the job then finishes the
    /// files it has begun, gives the lock back, and asks again.
    std::stop_token wait_for_turn(const std::stop_token& stop);

  private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::size_t requests_ = 0;
    std::stop_source job_;
};

}  // namespace audio_ident::library
