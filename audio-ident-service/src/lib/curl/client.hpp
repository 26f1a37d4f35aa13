#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"

using CURL = void;

namespace audio_ident::curl {

struct Reply {
    long status = 0;
    std::string body;
};

/// Sends HTTP requests and reuses connections. Thread-safe.
class Client {
  public:
    /// Every request carries these headers ("Name: value").
    explicit Client(std::vector<std::string> headers = {});
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Returns the reply whatever its status. Fails with not_available when there is no reply, and with timeout when
    /// the deadline passes or a stop is requested. An empty `body` means a request without a body.
    Result<Reply> send(const std::string& method, const std::string& url, const std::string& body,
                       const Deadline& deadline);

  private:
    CURL* take();
    void give_back(CURL* handle);

    std::vector<std::string> headers_;
    std::mutex mutex_;
    std::vector<CURL*> idle_;
};

}  // namespace audio_ident::curl
