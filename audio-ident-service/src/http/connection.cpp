#include "http/connection.hpp"

#include <boost/beast/http/read.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <spdlog/spdlog.h>

#include "core/uuid.hpp"
#include "http/body_reader.hpp"
#include "http/conversation.hpp"
#include "http/hang_up_watch.hpp"
#include "http/read_timeout.hpp"
#include "http/request_header.hpp"
#include "http/response_writer.hpp"
#include "http/run_on.hpp"

namespace audio_ident::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr auto kLinger = std::chrono::seconds(5);

bool is_gone(const error_code& error) {
    return error == bhttp::error::end_of_stream || error == asio::error::connection_reset ||
           error == asio::error::operation_aborted;
}

Error header_failure(const error_code& error) {
    if (error == beast::error::timeout)
        return {ErrorKind::timeout, "the request did not arrive in time", Reason::request_timeout};
    if (error == bhttp::error::header_limit || error == bhttp::error::buffer_overflow)
        return {ErrorKind::invalid_input, "the header of the request is too long", Reason::headers_too_large};
    return bad_request("the request is malformed: " + error.message());
}

/// Adds one for as long as it lives.
class Counted {
  public:
    explicit Counted(std::size_t& count) : count_(count) { ++count_; }
    ~Counted() { --count_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

  private:
    std::size_t& count_;
};

}  // namespace

/// One request and its response.
struct Connection::Exchange {
    RequestParser parser;
    Request request;
    Response response;
    const Route* route = nullptr;
    std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
    bool keep_alive = false;
    bool talked = false;  ///< over a WebSocket: nothing is left to say
    unsigned version = 11;

    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); }
};

Connection::Connection(asio::ip::tcp::socket socket, ConnectionParts parts)
    : client_(std::move(socket), parts.settings), parts_(parts) {
    error_code ignored;
    const auto remote = client_.stream.socket().remote_endpoint(ignored);
    if (!ignored) address_ = remote.address().to_string();
    client_.stream.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
}

void Connection::end() {
    client_.ending = true;
    if (idle_) client_.stream.close();
    if (conversation_) conversation_->leave();
}

void Connection::abort() {
    client_.ending = true;
    stop_.request_stop();
    client_.stream.close();
}

asio::awaitable<void> Connection::run() {
    try {
        while (co_await wait_for_request()) {
            co_await serve_one();
            if (client_.ending || !client_.stream.socket().is_open()) break;
        }
        if (client_.stream.socket().is_open()) co_await linger();
    } catch (const std::exception& error) {
        spdlog::debug("connection of {}: {}", address_, error.what());
    }
    client_.stream.close();
}

/// False when no request will come.
asio::awaitable<bool> Connection::wait_for_request() {
    if (client_.ending) co_return false;
    if (client_.buffer.size() > 0) co_return true;
    idle_ = true;
    client_.stream.expires_after(client_.settings.idle_timeout);
    error_code error;
    const auto space = client_.buffer.prepare(ClientStream::kChunkBytes / 16);
    const auto bytes = co_await client_.stream.async_read_some(space, awaiting(error));
    idle_ = false;
    client_.buffer.commit(bytes);
    co_return !error;
}

asio::awaitable<void> Connection::serve_one() {
    Exchange exchange;
    exchange.request.id = Uuid::random().to_string();
    exchange.request.client = address_;
    exchange.request.deadline = Deadline::never(stop_.get_token());
    if (!co_await read_header(exchange)) co_return;
    if (!exchange.response.error) co_await answer(exchange);
    co_await reply(exchange);
}

/// False when the client is gone. An invalid header becomes a response that refuses the request.
asio::awaitable<bool> Connection::read_header(Exchange& exchange) {
    exchange.parser.header_limit(ClientStream::kMaxHeaderBytes);
    exchange.parser.body_limit(boost::none);
    error_code error;
    {
        const ReadTimeout timeout(client_.stream, client_.settings.header_timeout);
        co_await bhttp::async_read_header(client_.stream, client_.buffer, exchange.parser, awaiting(error));
        if (timeout.expired()) error = beast::error::timeout;
    }
    if (is_gone(error)) {
        client_.ending = true;
        co_return false;
    }
    if (error) {
        client_.ending = unread_ = true;
        exchange.response = error_response(header_failure(error));
        co_return true;
    }
    exchange.keep_alive = exchange.parser.keep_alive();
    exchange.version = exchange.parser.get().version();
    co_return true;
}

void Connection::refuse(Exchange& exchange, Response response) {
    exchange.response = std::move(response);
    unread_ = !exchange.parser.is_done();
}

asio::awaitable<void> Connection::answer(Exchange& exchange) {
    Request& request = exchange.request;
    if (auto valid = read_request_header(exchange.parser.get(), request); !valid) {
        refuse(exchange, error_response(valid.error()));
        co_return;
    }
    auto admitted = parts_.service.admit(request);
    if (auto* refused = std::get_if<Response>(&admitted)) {
        refuse(exchange, std::move(*refused));
        co_return;
    }
    exchange.route = std::get<const Route*>(admitted);
    if (exchange.route->talk && beast::websocket::is_upgrade(exchange.parser.get())) {
        co_await converse(exchange);
        co_return;
    }
    BodyReader body(client_, parts_.store_pool, exchange.parser);
    if (const auto received = co_await body.read(exchange.route->form, request); !received) {
        refuse(exchange, error_response(received.error()));
        co_return;
    }
    co_await run_route(exchange);
}

asio::awaitable<void> Connection::run_route(Exchange& exchange) {
    const auto work = [&] { exchange.response = parts_.service.handle(*exchange.route, exchange.request); };
    if (exchange.route->work == Work::quick) {
        work();
        co_return;
    }
    stop_ = std::stop_source();
    exchange.request.deadline = Deadline::never(stop_.get_token());
    const HangUpWatch watch(client_.stream.socket(), stop_);
    client_.stream.expires_never();
    auto& pool = exchange.route->work == Work::cpu ? parts_.cpu_pool : parts_.store_pool;
    if (!co_await run_on(pool, work))
        exchange.response = error_response({ErrorKind::not_available, "all workers are busy; try again", {}});
}

/// Talks over a WebSocket, unless the route refuses. The connection serves nothing else afterwards.
asio::awaitable<void> Connection::converse(Exchange& exchange) {
    if (parts_.talks >= client_.settings.max_talks || client_.buffer.size() > 0) {
        const char* why = client_.buffer.size() > 0 ? "send nothing before the WebSocket is open"
                                                    : "too many conversations; try again";
        refuse(exchange, error_response({ErrorKind::not_available, why, {}}));
        co_return;
    }
    const Counted counted(parts_.talks);
    stop_ = std::stop_source();
    exchange.request.deadline = Deadline::never(stop_.get_token());
    std::variant<std::unique_ptr<Talk>, Response> begun;
    const bool ran = co_await run_on(parts_.store_pool,
                                     [&] { begun = parts_.service.begin_talk(*exchange.route, exchange.request); });
    if (!ran) begun = error_response({ErrorKind::not_available, "all workers are busy; try again", {}});
    if (auto* refused = std::get_if<Response>(&begun)) {
        refuse(exchange, std::move(*refused));
    } else {
        Conversation conversation(client_, parts_.talk_pool, std::move(std::get<std::unique_ptr<Talk>>(begun)));
        conversation_ = &conversation;
        if (client_.ending) conversation.leave();
        co_await conversation.run(exchange.parser.get(), exchange.request.id);
        conversation_ = nullptr;
        client_.ending = exchange.talked = true;
    }
}

asio::awaitable<void> Connection::reply(Exchange& exchange) {
    if (exchange.talked) {
        exchange.response.status = 101;
        parts_.service.record(exchange.route, exchange.request, exchange.response, exchange.seconds());
        co_return;
    }
    // The response may be ready all the same, for a client that has only closed its own side.
    if (exchange.request.deadline.stop_requested() && exchange.response.error) {
        client_.ending = true;
        parts_.service.record_hang_up(exchange.request, exchange.seconds());
        co_return;
    }
    parts_.service.complete(exchange.response, exchange.request);
    if (unread_ || !exchange.keep_alive || parts_.service.is_leaving()) client_.ending = true;
    ResponseWriter writer(client_, parts_.store_pool);
    co_await writer.write(exchange.response, {exchange.request.method == "HEAD", exchange.version});
    parts_.service.record(exchange.route, exchange.request, exchange.response, exchange.seconds());
}

/// Closing while bytes arrive would reset the connection, and the client might never see the response: this discards
/// what still arrives, for a while, before the socket is closed.
asio::awaitable<void> Connection::linger() {
    error_code error;
    client_.stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
    if (!unread_) co_return;
    client_.stream.expires_after(kLinger);
    std::string sink(ClientStream::kChunkBytes, '\0');
    while (!error) co_await client_.stream.async_read_some(asio::buffer(sink), awaiting(error));
}

}  // namespace audio_ident::http
