#include "lib/curl/handle_pool.hpp"

#include <curl/curl.h>

#include "lib/curl/start.hpp"

namespace audio_ident::curl {

namespace {

constexpr std::size_t kMostIdle = 8;

}  // namespace

HandlePool::HandlePool() {
    start();
}

HandlePool::~HandlePool() {
    for (CURL* handle : idle_) curl_easy_cleanup(handle);
}

CURL* HandlePool::take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return curl_easy_init();
    CURL* handle = idle_.back();
    idle_.pop_back();
    curl_easy_reset(handle);  // This keeps the open connections.
    return handle;
}

void HandlePool::give_back(CURL* handle) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kMostIdle) idle_.push_back(handle);
    else curl_easy_cleanup(handle);
}

}  // namespace audio_ident::curl
