#pragma once

#include <atomic>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "lib/curl/client.hpp"

namespace audio_ident::index {

/// Asks a Qdrant server, or a cluster of them. Thread-safe.
class QdrantClient {
  public:
    /// `urls`: of the server, or of the nodes of a cluster, separated by commas. The node that answered last is asked
    /// first.
    QdrantClient(const std::string& urls, const std::string& api_key);

    const std::string& url() const { return url_; }

    /// Returns the "result" of the answer; nullopt for 404. Repeats a request a few times, while the deadline allows,
    /// when no server answers or it is starting or overloaded (5xx, 429); all our requests may be repeated. Of a
    /// cluster it asks the next node each time, also when one does not answer within half of the time that is left
    /// (10 s at most). Fails with not_available, timeout, and internal when the server rejects the request as wrong.
    Result<std::optional<boost::json::value>> ask(const std::string& method, const std::string& path,
                                                  const boost::json::object& body, const Deadline& deadline);

  private:
    /// The time that one node gets to answer.
    Deadline turn(const Deadline& deadline) const;

    std::vector<std::string> nodes_;
    std::string url_;
    std::atomic<std::size_t> current_ = 0;  ///< the node that answered last
    curl::Client client_;
};

}  // namespace audio_ident::index
