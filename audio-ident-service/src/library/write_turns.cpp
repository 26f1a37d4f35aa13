#include "library/write_turns.hpp"

namespace audio_ident::library {

WriteTurns::Request::Request(WriteTurns& turns) : turns_(turns) {
    const std::lock_guard lock(turns_.mutex_);
    ++turns_.requests_;
    turns_.job_.request_stop();
}

WriteTurns::Request::~Request() {
    const std::lock_guard lock(turns_.mutex_);
    --turns_.requests_;
    turns_.changed_.notify_all();
}

std::stop_token WriteTurns::wait_for_turn(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, stop, [this] { return requests_ == 0; });
    job_ = std::stop_source();
    return job_.get_token();
}

}  // namespace audio_ident::library
