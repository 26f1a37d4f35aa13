#include "monitor/webhook/webhook.hpp"

#include <chrono>
#include <exception>
#include <fmt/format.h>

#include "lib/openssl/hmac_sha256.hpp"

namespace audio_ident::monitor {
namespace {

constexpr std::size_t kMostReplyBytes = 4096;

std::string seconds_since_1970() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

}  // namespace

std::string webhook_signature(std::string_view secret, std::string_view timestamp, std::string_view body) {
    return "sha256=" + openssl::hmac_sha256(secret, fmt::format("{}.{}", timestamp, body));
}

Webhook::Webhook(WebhookAddress address)
    : address_(std::move(address)),
      client_({"Content-Type: application/json", "User-Agent: audio-ident", "Expect:"}, kMostReplyBytes) {}

Result<curl::Reply> Webhook::post(const std::string& id, const std::string& body, const Deadline& deadline) {
    // A new time for each try, so that a receiver can refuse what somebody else recorded and sends again later.
    const auto timestamp = seconds_since_1970();
    try {
        return client_.send("POST", address_.url, body, deadline,
                            {"X-Audio-Ident-Delivery: " + id, "X-Audio-Ident-Timestamp: " + timestamp,
                             "X-Audio-Ident-Signature: " + webhook_signature(address_.secret, timestamp, body)});
    } catch (const std::exception& error) {
        return fail(ErrorKind::internal, "{}", error.what());
    }
}

}  // namespace audio_ident::monitor
