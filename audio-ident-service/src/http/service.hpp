#pragma once

#include <atomic>
#include <variant>
#include <vector>

#include "http/access.hpp"
#include "http/error_mapping.hpp"
#include "http/metrics.hpp"
#include "http/rate_limit.hpp"
#include "http/route.hpp"

namespace audio_ident::http {

/// Takes a request from its header to its response, whatever carries it: checks access and rate, finds the route, runs
/// it, reports failures, adds the headers that every response has, logs and counts. A Server calls it; app/ makes it.
class Service {
  public:
    Service(AccessRules access, unsigned requests_a_minute, ErrorMapping errors, Metrics& metrics);

    void add(std::vector<Route> routes);
    std::span<const Route> routes() const { return routes_; }

    /// From now on every response is the last one on its connection, so that clients look for another service.
    /// Thread-safe, and so is is_leaving().
    void leave() { leaving_ = true; }
    bool is_leaving() const { return leaving_; }

    /// Decides on a request whose header alone has arrived: gives its route, or the response that refuses it.
    /// One thread at a time.
    std::variant<const Route*, Response> admit(Request& request);
    /// Runs the route. Thread-safe; never throws.
    Response handle(const Route& route, const Request& request) const;
    /// Begins the route's conversation, or gives the response that refuses it. Thread-safe; never throws.
    std::variant<std::unique_ptr<Talk>, Response> begin_talk(const Route& route, const Request& request) const;
    /// Writes the body of a failure and the headers that every response has.
    void complete(Response& response, const Request& request) const;
    /// Logs and counts a request that was answered.
    void record(const Route* route, const Request& request, const Response& response, double seconds);
    /// Logs and counts a request whose client hung up.
    void record_hang_up(const Request& request, double seconds);

  private:
    Response preflight(const Request& request, const std::string& allowed) const;
    /// Zero when the request may pass, else how long to wait.
    std::chrono::seconds wait_of(const Request& request, const Route* route);

    AccessRules access_;
    RateLimiter limiter_;
    ErrorMapping errors_;
    Metrics& metrics_;
    std::vector<Route> routes_;
    std::atomic<bool> leaving_ = false;
};

}  // namespace audio_ident::http
