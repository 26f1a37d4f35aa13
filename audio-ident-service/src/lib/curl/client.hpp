#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "lib/curl/handle_pool.hpp"

namespace audio_ident::curl {

struct Reply {
    long status = 0;
    std::string body;
};

/// Sends HTTP requests and reuses connections. Thread-safe.
class Client {
  public:
    static constexpr std::size_t kAnySize = std::numeric_limits<std::size_t>::max();

    /// Every request carries these headers ("Name: value"). The end of a longer reply is not read.
    explicit Client(std::vector<std::string> headers = {}, std::size_t most_reply_bytes = kAnySize)
        : headers_(std::move(headers)), most_reply_bytes_(most_reply_bytes) {}

    /// Returns the reply whatever its status. Fails with not_available when there is no reply, and with timeout when
    /// the deadline passes or a stop is requested. An empty `body` means a request without a body. It follows no
    /// redirect. `more_headers`: of this request.
    Result<Reply> send(const std::string& method, const std::string& url, const std::string& body,
                       const Deadline& deadline, const std::vector<std::string>& more_headers = {});

  private:
    std::vector<std::string> headers_;
    std::size_t most_reply_bytes_;
    HandlePool handles_;
};

}  // namespace audio_ident::curl
