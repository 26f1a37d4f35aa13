#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "lib/curl/client.hpp"

namespace audio_ident::index {

/// Asks a Qdrant server. Thread-safe.
class QdrantClient {
  public:
    QdrantClient(const std::string& url, const std::string& api_key);

    const std::string& url() const { return url_; }

    /// Returns the "result" of the answer; nullopt for 404. Repeats a request a few times, while the deadline allows,
    /// when no server answers or it is starting or overloaded (5xx, 429); all our requests may be repeated. Fails with
    /// not_available, timeout, and internal when the server rejects the request as wrong.
    Result<std::optional<boost::json::value>> ask(const std::string& method, const std::string& path,
                                                  const boost::json::object& body, const Deadline& deadline);

  private:
    std::string url_;
    curl::Client client_;
};

}  // namespace audio_ident::index
