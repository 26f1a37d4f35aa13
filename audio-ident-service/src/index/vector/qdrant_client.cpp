#include "index/vector/qdrant_client.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <thread>

#include "util/url.hpp"

namespace audio_ident::index {

namespace {

constexpr int kTries = 4;
constexpr auto kFirstPause = std::chrono::milliseconds(100);

bool may_pass(long status) {
    return status >= 500 || status == 429;
}

/// The server's own message about what is wrong.
std::string complaint(const curl::Reply& reply) {
    boost::system::error_code error;
    const auto value = boost::json::parse(reply.body, error);
    if (!error && value.is_object()) {
        const auto* status = value.as_object().if_contains("status");
        const auto* text = status && status->is_object() ? status->as_object().if_contains("error") : nullptr;
        if (text && text->is_string()) return std::string(text->as_string());
    }
    return reply.body.substr(0, 200);
}

}  // namespace

QdrantClient::QdrantClient(const std::string& url, const std::string& api_key)
    : url_(url.substr(0, url.find_last_not_of('/') + 1)), client_([&] {
          std::vector<std::string> headers = {"Content-Type: application/json", "Expect:"};
          if (!api_key.empty()) headers.push_back("api-key: " + api_key);
          return headers;
      }()) {}

Result<std::optional<boost::json::value>> QdrantClient::ask(const std::string& method, const std::string& path,
                                                            const boost::json::object& body, const Deadline& deadline) {
    using Answer = std::optional<boost::json::value>;
    const std::string text = body.empty() ? std::string() : boost::json::serialize(body);
    const auto where = util::mask_url(url_);
    auto pause = kFirstPause;
    for (int tried = 1;; ++tried, pause *= 3) {
        const auto reply = client_.send(method, url_ + path, text, deadline);
        const bool again = reply ? may_pass(reply->status) : reply.error().kind == ErrorKind::not_available;
        if (again && tried < kTries && deadline.remaining() > pause) {
            std::this_thread::sleep_for(pause);
            continue;
        }
        if (!reply && reply.error().kind == ErrorKind::timeout)
            return fail(ErrorKind::timeout, "Qdrant at {} did not answer in time", where);
        if (!reply)
            return fail(reply.error().kind,
                        "cannot reach Qdrant at {}: {}; start it with `make docker-up` or set QDRANT_MODE=embedded",
                        where, reply.error().message);
        if (reply->status == 404) return Answer();
        if (reply->status == 401 || reply->status == 403)
            return fail(ErrorKind::not_available, "Qdrant at {} refuses the key; set QDRANT_API_KEY", where);
        if (may_pass(reply->status))
            return fail(ErrorKind::not_available, "Qdrant at {} cannot serve: {}", where, complaint(*reply));
        if (reply->status != 200)
            return fail(ErrorKind::internal, "Qdrant at {} refuses a request ({}): {}", where, reply->status,
                        complaint(*reply));
        boost::system::error_code error;
        auto value = boost::json::parse(reply->body, error);
        if (error || !value.is_object() || !value.as_object().contains("result"))
            return fail(ErrorKind::not_available, "{} does not answer like Qdrant", where);
        return Answer(std::move(value.as_object().at("result")));
    }
}

}  // namespace audio_ident::index
