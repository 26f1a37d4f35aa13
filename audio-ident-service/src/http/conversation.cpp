#include "http/conversation.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <unistd.h>

#include "http/run_on.hpp"

namespace audio_ident::http {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

namespace {

constexpr auto kHandshake = std::chrono::seconds(10);
constexpr auto kFarewell = std::chrono::seconds(5);
constexpr auto kPause = std::chrono::milliseconds(20);

Error bad_message(std::string text, Reason reason) {
    return {ErrorKind::invalid_input, std::move(text), reason};
}

}  // namespace

Conversation::Conversation(ClientStream& client, BoundedPool& pool, std::unique_ptr<Talk> talk)
    : client_(client),
      pool_(pool),
      talk_(std::move(talk)),
      socket_(client.stream),
      input_(client.stream.get_executor(), ::dup(talk_->input())),
      output_(client.stream.get_executor(), ::dup(talk_->output())),
      silence_(client.stream.get_executor()),
      listening_ended_(client.stream.get_executor(), std::chrono::steady_clock::time_point::max()) {}

Conversation::~Conversation() = default;

asio::awaitable<void> Conversation::run(const UpgradeRequest& request, std::string request_id) {
    client_.stream.expires_never();
    auto limits = websocket::stream_base::timeout::suggested(boost::beast::role_type::server);
    limits.handshake_timeout = kHandshake;
    socket_.set_option(limits);
    socket_.set_option(websocket::stream_base::decorator(
        [id = std::move(request_id)](websocket::response_type& response) { response.set("X-Request-ID", id); }));
    error_code error;
    co_await socket_.async_accept(request, awaiting(error));
    if (error) co_return;
    listening_ = true;
    asio::co_spawn(socket_.get_executor(), listen(), [this](const std::exception_ptr&) {
        listening_ = false;
        gone_ = true;
        wake();
        listening_ended_.cancel();
    });
    co_await speak();
    gone_ = true;
    silence_.cancel();
    input_.cancel(error);
    client_.stream.close();
    while (listening_) co_await listening_ended_.async_wait(awaiting(error));
}

void Conversation::leave() {
    refuse({ErrorKind::not_available, "the service is ending; connect again", {}}, CloseCode::restart);
}

void Conversation::wake() {
    error_code ignored;
    output_.cancel(ignored);
}

void Conversation::refuse(Error error, CloseCode code) {
    if (!refusal_) refusal_ = Refusal{std::move(error), code};
    wake();
}

void Conversation::expect_more() {
    silence_.expires_after(client_.settings.transfer_timeout);
    silence_.async_wait([this](const error_code& cancelled) {
        if (cancelled) return;
        refuse({ErrorKind::timeout, "no sound came for too long", Reason::request_timeout}, CloseCode::policy);
    });
}

/// Receives what the client sends, until it is gone or sends what is not taken.
asio::awaitable<void> Conversation::listen() {
    std::array<std::byte, 16 * 1024> chunk;
    std::size_t message_bytes = 0;
    error_code error;
    while (!gone_ && !refusal_) {
        if (input_.is_open()) expect_more();
        const auto count = co_await socket_.async_read_some(asio::buffer(chunk), awaiting(error));
        if (error) break;
        message_bytes += count;
        if (socket_.got_text()) {
            refuse(bad_message("send binary messages: sound, in pieces; a text is none", {}),
                   CloseCode::unsupported_data);
        } else if (message_bytes > kMaxMessageBytes) {
            refuse(bad_message("a message is larger than 1 MB; send sound in pieces, as it comes",
                               Reason::upload_too_large),
                   CloseCode::too_big);
        } else if (!co_await take(std::span(chunk).first(count))) {
            break;
        } else if (socket_.is_message_done()) {
            if (std::exchange(message_bytes, 0) == 0) end_input();
        }
    }
    // What the client still sends does not matter, but its answer to the closing does.
    while (!gone_ && !error) co_await socket_.async_read_some(asio::buffer(chunk), awaiting(error));
}

/// False when the conversation is over before the talk took all.
asio::awaitable<bool> Conversation::take(std::span<const std::byte> bytes) {
    error_code error;
    while (!bytes.empty() && input_.is_open()) {
        if (gone_ || refusal_) co_return false;
        bytes = bytes.subspan(talk_->give(bytes));
        if (bytes.empty()) break;
        silence_.cancel();  // It is not the client that is late.
        co_await input_.async_wait(asio::posix::stream_descriptor::wait_write, awaiting(error));
        if (error) co_return false;
    }
    co_return true;
}

void Conversation::end_input() {
    if (!input_.is_open()) return;
    silence_.cancel();
    error_code ignored;
    input_.close(ignored);
    talk_->end();
}

/// Says what the talk has to say, until one side ends the conversation.
asio::awaitable<void> Conversation::speak() {
    error_code error;
    while (!gone_) {
        if (!refusal_) {
            co_await output_.async_wait(asio::posix::stream_descriptor::wait_read, awaiting(error));
            if (gone_) break;
        }
        const Said said = co_await next();
        if (!co_await say(said)) break;
    }
}

asio::awaitable<Said> Conversation::next() {
    Said said;
    const auto work = [&, refusal = refusal_] {
        said = refusal ? talk_->refuse(refusal->error, refusal->code) : talk_->next();
    };
    while (!co_await run_on(pool_, work)) {
        asio::steady_timer pause(socket_.get_executor(), kPause);
        co_await pause.async_wait(asio::use_awaitable);
    }
    co_return said;
}

/// False when the conversation is over.
asio::awaitable<bool> Conversation::say(const Said& said) {
    error_code error;
    asio::steady_timer slow(socket_.get_executor(), client_.settings.transfer_timeout);
    slow.async_wait([this](const error_code& cancelled) {
        if (!cancelled) client_.stream.close();
    });
    socket_.text(true);
    for (const std::string& text : said.texts) {
        co_await socket_.async_write(asio::buffer(text), awaiting(error));
        if (error) co_return false;
    }
    if (!said.close) co_return true;
    slow.expires_after(kFarewell);
    slow.async_wait([this](const error_code& cancelled) {
        if (!cancelled) client_.stream.close();
    });
    co_await socket_.async_close(websocket::close_reason(static_cast<std::uint16_t>(*said.close)), awaiting(error));
    co_return false;
}

}  // namespace audio_ident::http
