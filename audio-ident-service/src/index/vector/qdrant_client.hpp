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

    /// What stands under "result"; nullopt for 404. A request that found no server, or one that is starting or overloaded
    /// (5xx, 429), is repeated a few times while the deadline allows: every one of ours may be. Fails with not_available,
    /// timeout, and internal for what the server calls a wrong request.
    Result<std::optional<boost::json::value>> ask(const std::string& method, const std::string& path,
                                                  const boost::json::object& body, const Deadline& deadline);

  private:
    std::string url_;
    curl::Client client_;
};

}  // namespace audio_ident::index
