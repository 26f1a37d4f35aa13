#pragma once

#include <variant>
#include <vector>

#include "http/access.hpp"
#include "http/metrics.hpp"
#include "http/rate_limit.hpp"
#include "http/route.hpp"

namespace audio_ident::http {

/// What is done with a request between its header and its answer, whatever carries it: who may, which route, its
/// failures as answers, the headers that every answer has, the log line, the metrics.
class Service {
  public:
    Service(AccessRules access, unsigned requests_a_minute, Metrics& metrics);

    void add(std::vector<Route> routes);
    std::span<const Route> routes() const { return routes_; }

    /// The route for a request of which only the header has come; or the answer already. For one thread.
    std::variant<const Route*, Response> admit(Request& request);
    /// Runs the route. Thread-safe; never throws.
    Response handle(const Route& route, const Request& request) const;
    /// The headers of every answer.
    void complete(Response& response, const Request& request) const;
    void record(const Route* route, const Request& request, const Response& response, double seconds);
    /// Instead, when nobody is there to be answered.
    void record_hang_up(const Request& request, double seconds);

  private:
    Response preflight(const Request& request, const std::string& allowed) const;

    AccessRules access_;
    RateLimiter limiter_;
    Metrics& metrics_;
    std::vector<Route> routes_;
};

}  // namespace audio_ident::http
