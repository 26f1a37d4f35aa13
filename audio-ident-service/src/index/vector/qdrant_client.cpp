#include "index/vector/qdrant_client.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <thread>

#include "util/comma_list.hpp"
#include "util/url.hpp"

namespace audio_ident::index {

namespace {

constexpr std::size_t kRounds = 4;
constexpr auto kFirstPause = std::chrono::milliseconds(100);
constexpr Deadline::Clock::duration kLongestTurn = std::chrono::seconds(10);
/// No answer for so long is the server's failure, and not that of those who left it little time.
constexpr auto kLongAnswer = std::chrono::seconds(1);

/// 408: an operation took too long, as while a node of the cluster hangs.
bool may_pass(long status) {
    return status >= 500 || status == 429 || status == 408;
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

/// The addresses, without slashes at their ends.
std::vector<std::string> nodes_of(const std::string& urls) {
    std::vector<std::string> nodes = util::comma_list(urls);
    for (std::string& node : nodes) node.resize(node.find_last_not_of('/') + 1);
    if (nodes.empty()) nodes.push_back(urls);
    return nodes;
}

std::vector<std::string> headers_with(const std::string& api_key) {
    std::vector<std::string> headers = {"Content-Type: application/json", "Expect:"};
    if (!api_key.empty()) headers.push_back("api-key: " + api_key);
    return headers;
}

}  // namespace

QdrantClient::QdrantClient(const std::string& urls, const std::string& api_key)
    : nodes_(nodes_of(urls)), url_(fmt::format("{}", fmt::join(nodes_, ","))), client_(headers_with(api_key)) {}

Deadline QdrantClient::turn(const Deadline& deadline) const {
    if (nodes_.size() == 1) return deadline;
    return Deadline::after(std::min(kLongestTurn, deadline.remaining() / 2), deadline.stop_token());
}

Result<std::optional<boost::json::value>> QdrantClient::ask(const std::string& method, const std::string& path,
                                                            const boost::json::object& body, const Deadline& deadline) {
    using Answer = std::optional<boost::json::value>;
    const std::string text = body.empty() ? std::string() : boost::json::serialize(body);
    const auto where = util::mask_url(url_);
    auto pause = kFirstPause;
    const std::size_t first = current_;
    const auto begin = Deadline::Clock::now();
    for (std::size_t tried = 1;; ++tried) {
        const std::size_t node = (first + tried - 1) % nodes_.size();
        const auto reply = client_.send(method, nodes_[node] + path, text, turn(deadline));
        const bool again =
            reply ? may_pass(reply->status) : reply.error().kind != ErrorKind::internal && !deadline.expired();
        if (again && tried < kRounds * nodes_.size()) {
            if (tried % nodes_.size() != 0) continue;  // the next node may answer at once
            if (deadline.remaining() > pause) {
                std::this_thread::sleep_for(pause);
                pause *= 3;
                continue;
            }
        }
        if (reply && !again) current_ = node;
        if (!reply && reply.error().kind == ErrorKind::timeout) {
            const bool took_long = Deadline::Clock::now() - begin >= kLongAnswer && !deadline.stop_requested();
            return Unexpected(Error{ErrorKind::timeout, fmt::format("Qdrant at {} did not answer in time", where),
                                    took_long ? Reason::store_unavailable : Reason::unspecified});
        }
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
