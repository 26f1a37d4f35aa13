#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

using CURL = void;

namespace audio_ident::curl {

/// Handles of libcurl that are used again, with the connections that they keep open. Thread-safe.
class HandlePool {
  public:
    HandlePool();
    ~HandlePool();
    HandlePool(const HandlePool&) = delete;
    HandlePool& operator=(const HandlePool&) = delete;

    /// A handle without options, or nullptr when memory is out. Give it back when the request is done.
    CURL* take();
    void give_back(CURL* handle);

  private:
    std::mutex mutex_;
    std::vector<CURL*> idle_;
};

}  // namespace audio_ident::curl
