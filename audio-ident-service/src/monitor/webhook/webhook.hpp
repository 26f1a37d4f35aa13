#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "lib/curl/client.hpp"

namespace audio_ident::monitor {

/// Where events go, and what both sides sign with.
struct WebhookAddress {
    std::string url;  ///< http or https
    std::string secret;
};

/// What the header X-Audio-Ident-Signature says: "sha256=" and the HMAC-SHA256 of "timestamp.body" with the secret.
/// `timestamp`: what X-Audio-Ident-Timestamp says, the seconds since 1970.
std::string webhook_signature(std::string_view secret, std::string_view timestamp, std::string_view body);

/// Whether the receiver has taken an event: its status is 200 to 299.
inline bool is_taken(const curl::Reply& reply) {
    return reply.status >= 200 && reply.status < 300;
}

/// Posts events to the receiver of the operator. The address is the operator's own choice: unlike that of a station it
/// may be private. It follows no redirect. Thread-safe.
class Webhook {
  public:
    explicit Webhook(WebhookAddress address);

    /// Returns what the receiver answers, whatever its status, with the first 4 KB of the body. Fails with
    /// not_available when there is no answer, and with timeout when there is none by the deadline. `id`: of the event,
    /// the same in each try.
    Result<curl::Reply> post(const std::string& id, const std::string& body, const Deadline& deadline);

  private:
    WebhookAddress address_;
    curl::Client client_;
};

}  // namespace audio_ident::monitor
