#include "http/connection.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>
#include <spdlog/spdlog.h>

#include "core/uuid.hpp"
#include "http/patience.hpp"
#include "http/problem.hpp"
#include "http/query.hpp"

namespace audio_ident::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::size_t kMaxHeaderBytes = 16 * 1024;
constexpr std::size_t kChunkBytes = 64 * 1024;
constexpr std::uint64_t kMaxIgnoredBody = 64 * 1024;  ///< of a request whose route takes none
constexpr auto kEventInterval = std::chrono::milliseconds(200);
constexpr int kSilentIntervals = 75;  ///< then an event stream says that it is there
constexpr auto kLinger = std::chrono::seconds(5);

auto awaiting(error_code& error) {
    return asio::redirect_error(asio::use_awaitable, error);
}

/// Requests a stop when the client closes its side while its request is worked on. Bytes that come instead are the next
/// request: then nothing more is watched.
class HangUpWatch {
  public:
    HangUpWatch(asio::ip::tcp::socket& socket, std::stop_source stop) : active_(std::make_shared<bool>(true)) {
        socket.async_wait(
            asio::ip::tcp::socket::wait_read,
            asio::bind_cancellation_slot(
                signal_.slot(), [&socket, stop = std::move(stop), active = active_](const error_code& error) mutable {
                    if (error || !*active) return;
                    char byte = 0;
                    error_code peeked;
                    socket.non_blocking(true, peeked);
                    const auto got = socket.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, peeked);
                    if (got == 0 && peeked != asio::error::would_block) stop.request_stop();
                }));
    }
    ~HangUpWatch() {
        *active_ = false;
        signal_.emit(asio::cancellation_type::terminal);
    }
    HangUpWatch(const HangUpWatch&) = delete;
    HangUpWatch& operator=(const HangUpWatch&) = delete;

  private:
    asio::cancellation_signal signal_;
    std::shared_ptr<bool> active_;  ///< shared with the handler, which may still be queued when this ends
};

/// The request line and header as routes see them.
template <typename Message>
Result<void> translate(const Message& message, Request& request) {
    request.method = std::string(message.method_string());
    std::string_view target = {message.target().data(), message.target().size()};
    // The absolute form, for proxies.
    if (target.starts_with("http://")) {
        const auto slash = target.find('/', 7);
        target = slash == std::string_view::npos ? "/" : target.substr(slash);
    }
    const auto question = target.find('?');
    auto path = percent_decode(target.substr(0, question), Plus::plain);
    auto query = parse_query(question == std::string_view::npos ? std::string_view() : target.substr(question + 1));
    for (const auto& field : message) {
        std::string name(field.name_string());
        for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        request.headers.emplace_back(std::move(name), std::string(field.value()));
    }
    request.path = path.value_or(std::string(target.substr(0, 200)));
    if (!path || !path->starts_with('/')) return Unexpected(bad_request("the path is not valid"));
    if (!query) return Unexpected(bad_request("the query is malformed: percent-encode it as UTF-8"));
    request.query = std::move(*query);
    if (message.version() >= 11 && message.count(bhttp::field::host) != 1) {
        return Unexpected(bad_request("the request needs one Host header"));
    }
    return {};
}

}  // namespace

/// One request and its answer.
struct Connection::Exchange {
    Parser parser;
    Request request;
    Response response;
    const Route* route = nullptr;
    std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
    bool keep_alive = false;
    unsigned version = 11;
};

Connection::Connection(asio::ip::tcp::socket socket, ConnectionParts parts)
    : stream_(std::move(socket)), parts_(parts), buffer_(kMaxHeaderBytes + kChunkBytes) {
    error_code ignored;
    const auto remote = stream_.socket().remote_endpoint(ignored);
    if (!ignored) client_ = remote.address().to_string();
    stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
}

void Connection::end() {
    ending_ = true;
    if (idle_) stream_.close();
}

void Connection::abort() {
    ending_ = true;
    stop_.request_stop();
    stream_.close();
}

asio::awaitable<void> Connection::run() {
    try {
        while (co_await wait_for_request()) {
            co_await serve_one();
            if (ending_ || !stream_.socket().is_open()) break;
        }
        if (stream_.socket().is_open()) co_await linger();
    } catch (const std::exception& error) {
        spdlog::debug("connection of {}: {}", client_, error.what());
    }
    stream_.close();
}

/// False when there will be none.
asio::awaitable<bool> Connection::wait_for_request() {
    if (ending_) co_return false;
    if (buffer_.size() > 0) co_return true;
    idle_ = true;
    stream_.expires_after(parts_.settings.idle_timeout);
    error_code error;
    const auto bytes = co_await stream_.async_read_some(buffer_.prepare(kChunkBytes / 16), awaiting(error));
    idle_ = false;
    buffer_.commit(bytes);
    co_return !error;
}

asio::awaitable<void> Connection::serve_one() {
    Exchange exchange;
    exchange.request.id = Uuid::random().to_string();
    exchange.request.client = client_;
    exchange.request.deadline = Deadline::never(stop_.get_token());
    exchange.parser.header_limit(kMaxHeaderBytes);
    exchange.parser.body_limit(boost::none);

    error_code error;
    {
        const Patience patience(stream_, parts_.settings.header_timeout);
        co_await bhttp::async_read_header(stream_, buffer_, exchange.parser, awaiting(error));
        if (patience.ended()) error = beast::error::timeout;
    }
    if (error == bhttp::error::end_of_stream || error == asio::error::connection_reset ||
        error == asio::error::operation_aborted) {
        ending_ = true;
        co_return;
    }
    if (error) {
        ending_ = unread_ = true;
        Error failure = bad_request("the request is malformed: " + error.message());
        if (error == beast::error::timeout)
            failure.reason = Reason::request_timeout, failure.message = "the request did not arrive in time";
        if (error == bhttp::error::header_limit || error == bhttp::error::buffer_overflow)
            failure.reason = Reason::headers_too_large, failure.message = "the header of the request is too long";
        exchange.response = problem(failure, exchange.request.id);
    } else {
        exchange.keep_alive = exchange.parser.keep_alive();
        exchange.version = exchange.parser.get().version();
        co_await answer(exchange);
    }
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - exchange.begin).count();
    };
    // An answer that was ready all the same is for a client that has closed its own side only.
    if (exchange.request.deadline.stop_requested() && !exchange.response.error_code.empty()) {
        ending_ = true;
        parts_.service.record_hang_up(exchange.request, seconds());
        co_return;
    }
    parts_.service.complete(exchange.response, exchange.request);
    if (unread_ || !exchange.keep_alive) ending_ = true;
    co_await send(exchange);
    parts_.service.record(exchange.route, exchange.request, exchange.response, seconds());
}

asio::awaitable<void> Connection::answer(Exchange& exchange) {
    Request& request = exchange.request;
    if (auto valid = translate(exchange.parser.get(), request); !valid) {
        exchange.response = problem(valid.error(), request.id);
        unread_ = !exchange.parser.is_done();
        co_return;
    }
    auto admitted = parts_.service.admit(request);
    if (auto* refused = std::get_if<Response>(&admitted)) {
        exchange.response = std::move(*refused);
        unread_ = !exchange.parser.is_done();
        co_return;
    }
    exchange.route = std::get<const Route*>(admitted);
    const auto received = co_await receive(exchange);
    if (!received) {
        exchange.response = problem(received.error(), request.id);
        unread_ = !exchange.parser.is_done();
        co_return;
    }
    const auto work = [&] { exchange.response = parts_.service.handle(*exchange.route, request); };
    if (exchange.route->work == Work::quick) {
        work();
        co_return;
    }
    stop_ = std::stop_source();
    request.deadline = Deadline::never(stop_.get_token());
    const HangUpWatch watch(stream_.socket(), stop_);
    stream_.expires_never();
    auto& pool = exchange.route->work == Work::cpu ? parts_.cpu_pool : parts_.store_pool;
    if (!co_await run_on(pool, work)) {
        exchange.response = problem({ErrorKind::not_available, "all workers are busy; try again", {}}, request.id);
    }
}

/// The body of a request that was admitted.
asio::awaitable<Result<void>> Connection::receive(Exchange& exchange) {
    Parser& parser = exchange.parser;
    if (!exchange.route->form) co_return co_await receive_body(exchange, nullptr);
    const FormRules& rules = *exchange.route->form;
    const auto length = parser.content_length();
    if (length && *length > rules.max_file_bytes + FormReceiver::kMaxOtherBytes) {
        co_return Unexpected(Error{ErrorKind::invalid_input,
                                   fmt::format("the upload is larger than {} MB", rules.max_file_bytes >> 20),
                                   Reason::upload_too_large});
    }
    auto form = FormReceiver::create(rules, exchange.request.header("content-type"));
    if (!form) co_return forward(form);
    if (beast::iequals(parser.get()[bhttp::field::expect], "100-continue") && !parser.is_done()) {
        static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
        stream_.expires_after(parts_.settings.transfer_timeout);
        co_await asio::async_write(stream_, asio::buffer(kContinue), asio::use_awaitable);
    }
    auto received = co_await receive_body(exchange, form->get());
    if (received) received = (*form)->finish(exchange.request);
    co_return received;
}

asio::awaitable<Result<void>> Connection::receive_body(Exchange& exchange, FormReceiver* form) {
    Parser& parser = exchange.parser;
    const bool to_disk = form && !exchange.route->form->folder.empty();
    std::string chunk(parser.is_done() ? 0 : kChunkBytes, '\0');
    std::uint64_t total = 0;
    while (!parser.is_done()) {
        parser.get().body().data = chunk.data();
        parser.get().body().size = chunk.size();
        error_code error;
        const Patience patience(stream_, parts_.settings.transfer_timeout);
        co_await bhttp::async_read(stream_, buffer_, parser, awaiting(error));
        if (patience.ended() || error == beast::error::timeout) {
            co_return Unexpected(
                Error{ErrorKind::timeout, "the request did not arrive in time", Reason::request_timeout});
        }
        if (error && error != bhttp::error::need_buffer) {
            co_return Unexpected(bad_request("the body is malformed or incomplete: " + error.message()));
        }
        const std::string_view bytes(chunk.data(), chunk.size() - parser.get().body().size);
        total += bytes.size();
        if (!form) {
            if (total > kMaxIgnoredBody) co_return Unexpected(bad_request("this request takes no body"));
            continue;
        }
        Result<void> taken;
        const auto take = [&] { taken = form->consume(bytes); };
        if (!to_disk) take();
        else if (!co_await run_on(parts_.store_pool, take))
            taken = fail(ErrorKind::not_available, "the disk is busy; try again");
        if (!taken) co_return taken;
    }
    co_return Result<void>();
}

/// Runs `work` on a pool while this connection waits; false when the pool takes no more.
asio::awaitable<bool> Connection::run_on(WorkerPool& pool, std::function<void()> work) {
    auto executor = co_await asio::this_coro::executor;
    auto start = [&pool, executor, work = std::move(work)](auto handler) mutable {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        const auto resume = [executor, shared](bool done) {
            asio::post(executor, [shared, done] { std::move (*shared)(done); });
        };
        const bool taken = pool.submit([work = std::move(work), resume] {
            work();
            resume(true);
        });
        if (!taken) resume(false);
    };
    co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(bool)>(start, asio::use_awaitable);
}

asio::awaitable<void> Connection::send(Exchange& exchange) {
    const Response& response = exchange.response;
    const bool head = exchange.request.method == "HEAD";
    const auto* text = std::get_if<std::string>(&response.body);
    const auto* file = std::get_if<FileSlice>(&response.body);
    const auto* events = std::get_if<EventSource>(&response.body);

    bhttp::response<bhttp::string_body> message(static_cast<bhttp::status>(response.status), exchange.version);
    for (const auto& [name, value] : response.headers) message.insert(name, value);
    if (events && exchange.version < 11) ending_ = true;  // its end is the connection's
    message.keep_alive(!ending_);
    if (file) message.content_length(file->size());
    else if (events && exchange.version >= 11) message.chunked(true);
    else if (text && response.status != 204 && response.status != 304) message.content_length(text->size());
    if (text && !head) message.body() = *text;

    stream_.expires_after(parts_.settings.transfer_timeout);
    bhttp::response_serializer<bhttp::string_body> serializer(message);
    if (text && !head) {
        co_await bhttp::async_write(stream_, serializer, asio::use_awaitable);
        co_return;
    }
    co_await bhttp::async_write_header(stream_, serializer, asio::use_awaitable);
    if (head) co_return;
    if (file) co_await send_file(*file);
    if (events) co_await send_events(*events, exchange.version >= 11);
}

asio::awaitable<void> Connection::send_file(const FileSlice& file) {
    for (std::uint64_t done = 0; done < file.size();) {
        std::string chunk;
        const bool ran = co_await run_on(parts_.store_pool, [&] { chunk = file.read(done, kChunkBytes * 4); });
        if (!ran || chunk.empty()) {
            // The length was promised: only a broken connection tells the client.
            abort();
            co_return;
        }
        stream_.expires_after(parts_.settings.transfer_timeout);
        co_await asio::async_write(stream_, asio::buffer(chunk), asio::use_awaitable);
        done += chunk.size();
    }
}

asio::awaitable<void> Connection::send_events(const EventSource& source, bool chunked) {
    asio::steady_timer timer(stream_.get_executor());
    int silent = 0;
    while (!ending_ || !chunked) {
        auto text = source();
        if (!text) break;
        if (text->empty() && ++silent == kSilentIntervals) *text = ": still here\n\n";
        if (!text->empty()) {
            silent = 0;
            stream_.expires_after(parts_.settings.transfer_timeout);
            if (chunked)
                co_await asio::async_write(stream_, bhttp::make_chunk(asio::buffer(*text)), asio::use_awaitable);
            else co_await asio::async_write(stream_, asio::buffer(*text), asio::use_awaitable);
        }
        timer.expires_after(kEventInterval);
        co_await timer.async_wait(asio::use_awaitable);
    }
    if (chunked) co_await asio::async_write(stream_, bhttp::make_chunk_last(), asio::use_awaitable);
}

/// Closing while bytes arrive would reset the connection, and the client might never see the answer: what still comes is
/// thrown away first, for a while.
asio::awaitable<void> Connection::linger() {
    error_code error;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
    if (!unread_) co_return;
    stream_.expires_after(kLinger);
    std::string sink(kChunkBytes, '\0');
    while (!error) co_await stream_.async_read_some(asio::buffer(sink), awaiting(error));
}

}  // namespace audio_ident::http
