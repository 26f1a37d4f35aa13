#include "http/body_reader.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/read.hpp>

#include "http/error_mapping.hpp"
#include "http/read_timeout.hpp"
#include "http/run_on.hpp"

namespace audio_ident::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;

namespace {

constexpr std::uint64_t kMaxIgnoredBody = 64 * 1024;  ///< of a request whose route takes no body

}  // namespace

asio::awaitable<Result<void>> BodyReader::read(const std::optional<FormRules>& rules, Request& request) {
    if (!rules) co_return co_await read_ignored();
    co_return co_await read_form(*rules, request);
}

asio::awaitable<Result<void>> BodyReader::read_ignored() {
    std::uint64_t total = 0;
    while (true) {
        const auto bytes = co_await next();
        if (!bytes) co_return forward(bytes);
        if (bytes->empty() && parser_.is_done()) co_return Result<void>();
        total += bytes->size();
        if (total > kMaxIgnoredBody) co_return Unexpected(bad_request("this request must not have a body"));
    }
}

asio::awaitable<Result<void>> BodyReader::read_form(const FormRules& rules, Request& request) {
    const auto length = parser_.content_length();
    if (length && *length > rules.max_file_bytes + FormReceiver::kMaxOtherBytes)
        co_return FormReceiver::too_large(rules);
    auto form = FormReceiver::create(rules, request.header("content-type"));
    if (!form) co_return forward(form);
    co_await send_continue();
    while (true) {
        const auto bytes = co_await next();
        if (!bytes) co_return forward(bytes);
        if (bytes->empty() && parser_.is_done()) break;
        Result<void> taken;
        const auto take = [&] { taken = (*form)->consume(*bytes); };
        if (rules.folder.empty()) take();
        else if (!co_await run_on(disk_pool_, take))
            taken = fail(ErrorKind::not_available, "the disk is busy; try again");
        if (!taken) co_return taken;
    }
    co_return (*form)->finish(request);
}

/// Tells a client that waits for it to send the body.
asio::awaitable<void> BodyReader::send_continue() {
    if (!beast::iequals(parser_.get()[bhttp::field::expect], "100-continue") || parser_.is_done()) co_return;
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    client_.stream.expires_after(client_.settings.transfer_timeout);
    co_await asio::async_write(client_.stream, asio::buffer(kContinue), asio::use_awaitable);
}

asio::awaitable<Result<std::string_view>> BodyReader::next() {
    if (parser_.is_done()) co_return std::string_view();
    chunk_.resize(ClientStream::kChunkBytes);
    auto& body = parser_.get().body();
    body.data = chunk_.data();
    body.size = chunk_.size();
    boost::system::error_code error;
    const ReadTimeout timeout(client_.stream, client_.settings.transfer_timeout);
    co_await bhttp::async_read(client_.stream, client_.buffer, parser_, awaiting(error));
    if (timeout.expired() || error == beast::error::timeout) {
        co_return Unexpected(Error{ErrorKind::timeout, "the request did not arrive in time", Reason::request_timeout});
    }
    if (error && error != bhttp::error::need_buffer) {
        co_return Unexpected(bad_request("the body is malformed or incomplete: " + error.message()));
    }
    co_return std::string_view(chunk_.data(), chunk_.size() - body.size);
}

}  // namespace audio_ident::http
