#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

#include "core/result.hpp"
#include "http/server_settings.hpp"
#include "http/service.hpp"

namespace audio_ident::http {

/// Carries requests to a Service and its responses back: HTTP/1.1 over TCP. The thread that calls run() serves all
/// sockets; routes run on bounded pools. Every wait has a deadline, every buffer a bound.
class Server {
  public:
    /// Binds and listens. Fails with not_available (the port is taken) or invalid_input (not an address of this
    /// machine).
    static Result<std::unique_ptr<Server>> listen(ServerSettings settings, Service& service, Metrics& metrics);
    ~Server();

    std::string host() const;
    std::uint16_t port() const;
    /// Serves until a stop is requested, then finishes the requests that run.
    void run(const std::stop_token& stop);

  private:
    struct Impl;
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace audio_ident::http
