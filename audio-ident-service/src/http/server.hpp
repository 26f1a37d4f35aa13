#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "core/result.hpp"
#include "http/service.hpp"

namespace audio_ident::http {

struct ServerSettings {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;       ///< 0: any that is free
    std::size_t cpu_threads = 0;  ///< 0: one a core
    std::size_t max_connections = 4096;
    std::chrono::seconds header_timeout{10};    ///< from the first byte of a request to the end of its header
    std::chrono::seconds idle_timeout{75};      ///< between requests
    std::chrono::seconds transfer_timeout{30};  ///< for 64 KB of a body, either way
    std::chrono::seconds shutdown_timeout{30};  ///< for running requests to finish after a stop
};

/// Carries requests to a Service and its answers back: HTTP/1.1 on TCP. All sockets are served by the thread that calls
/// run(); routes run on bounded pools. Every wait has a deadline, every buffer a bound.
class Server {
  public:
    /// Binds and listens. Fails with not_available (the port is taken, the address is not this machine's).
    static Result<std::unique_ptr<Server>> listen(ServerSettings settings, Service& service, Metrics& metrics);
    ~Server();

    std::string host() const;
    std::uint16_t port() const;
    /// Serves until a stop is requested, then finishes what runs.
    void run(const std::stop_token& stop);

  private:
    struct Impl;
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace audio_ident::http
