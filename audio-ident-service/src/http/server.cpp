#include "http/server.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unordered_set>

#include "core/executor.hpp"
#include "http/bounded_pool.hpp"
#include "http/connection.hpp"

namespace audio_ident::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t kStoreThreads = 4;
constexpr std::size_t kMaxQueued = 64;

/// Every connection takes a descriptor, and the default limit of 1,024 dates from the days of select().
std::size_t raise_descriptor_limit(std::size_t wanted) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
    const rlim_t needed = wanted + 256;
    if (limit.rlim_cur < needed) {
        limit.rlim_cur = std::min(limit.rlim_max, needed);
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur >= needed ? wanted : std::max<std::size_t>(limit.rlim_cur, 512) - 256;
}

}  // namespace

struct Server::Impl {
    Impl(ServerSettings given, Service& its_service)
        : settings(std::move(given)),
          service(its_service),
          store_pool(kStoreThreads, 4 * kMaxQueued),
          cpu_pool(threads_or_hardware(settings.cpu_threads), kMaxQueued),
          talk_pool(threads_or_hardware(settings.cpu_threads), settings.max_talks),
          acceptor(io),
          grace(io) {}

    Result<void> listen() {
        const auto address = asio::ip::make_address(settings.host == "localhost" ? "127.0.0.1" : settings.host, error);
        if (error) {
            return fail(ErrorKind::invalid_input,
                        "SERVICE_HOST={} is not an address of this machine; try 127.0.0.1 or 0.0.0.0", settings.host);
        }
        const tcp::endpoint endpoint(address, settings.port);
        acceptor.open(endpoint.protocol(), error);
        if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
        if (!error) acceptor.bind(endpoint, error);
        if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
        if (error) {
            return fail(ErrorKind::not_available,
                        "cannot listen on {}:{}: {}; stop the program that uses the port, or set SERVICE_PORT",
                        settings.host, settings.port, error.message());
        }
        settings.max_connections = raise_descriptor_limit(settings.max_connections);
        return {};
    }

    asio::awaitable<void> accept() {
        while (acceptor.is_open()) {
            error_code failure;
            tcp::socket socket(io);
            co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, failure));
            if (!acceptor.is_open()) break;
            if (failure) {
                // Out of descriptors, or the client is gone: both pass.
                asio::steady_timer pause(io, std::chrono::milliseconds(50));
                co_await pause.async_wait(asio::use_awaitable);
            } else if (connections.size() >= settings.max_connections) {
                refuse(socket);
            } else {
                asio::co_spawn(io, serve(std::move(socket)), asio::detached);
            }
        }
    }

    void refuse(tcp::socket& socket) const {
        auto response = error_response({ErrorKind::not_available, "too many connections; try again", {}});
        service.complete(response, Request());
        const auto& body = std::get<std::string>(response.body);
        const auto text = fmt::format(
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n"
            "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
            body.size(), body);
        error_code ignored;
        socket.non_blocking(true, ignored);
        socket.send(asio::buffer(text), 0, ignored);
    }

    asio::awaitable<void> serve(tcp::socket socket) {
        Connection connection(std::move(socket), {settings, service, store_pool, cpu_pool, talk_pool, talks});
        connections.insert(&connection);
        co_await connection.run();
        connections.erase(&connection);
        if (ending && connections.empty()) io.stop();
    }

    void end() {
        if (ending) return;
        ending = true;
        error_code ignored;
        acceptor.close(ignored);
        if (connections.empty()) {
            io.stop();
            return;
        }
        spdlog::info("stopping; {} connections are open", connections.size());
        for (auto* connection : std::vector(connections.begin(), connections.end())) connection->end();
        grace.expires_after(settings.shutdown_timeout);
        grace.async_wait([this](const error_code& cancelled) {
            if (cancelled) return;
            for (auto* connection : std::vector(connections.begin(), connections.end())) connection->abort();
        });
    }

    ServerSettings settings;
    Service& service;
    asio::io_context io{1};
    // Declared after the context, because their last work posts to it.
    BoundedPool store_pool;
    BoundedPool cpu_pool;
    BoundedPool talk_pool;  ///< apart from the routes, so that many who listen do not hold up who asks
    std::size_t talks = 0;
    tcp::acceptor acceptor;
    asio::steady_timer grace;
    std::unordered_set<Connection*> connections;
    error_code error;
    bool ending = false;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::listen(ServerSettings settings, Service& service, Metrics& metrics) {
    auto impl = std::make_unique<Impl>(std::move(settings), service);
    if (auto listening = impl->listen(); !listening) return forward(listening);
    auto* parts = impl.get();
    metrics.add_gauge("audioident_cpu_queue_length", "Requests waiting for a thread to compute",
                      [parts] { return static_cast<double>(parts->cpu_pool.queued()); });
    metrics.add_gauge("audioident_store_queue_length", "Requests waiting for a thread to read and write",
                      [parts] { return static_cast<double>(parts->store_pool.queued()); });
    metrics.add_gauge("audioident_live_answers", "Conversations over WebSockets",
                      [parts] { return static_cast<double>(parts->talks); });
    // /metrics runs on the I/O thread, which owns the set.
    metrics.add_gauge("audioident_connections", "Open connections",
                      [parts] { return static_cast<double>(parts->connections.size()); });
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::string Server::host() const {
    return impl_->settings.host;
}

std::uint16_t Server::port() const {
    error_code ignored;
    return impl_->acceptor.local_endpoint(ignored).port();
}

void Server::run(const std::stop_token& stop) {
    asio::co_spawn(impl_->io, impl_->accept(), asio::detached);
    const std::stop_callback on_stop(stop, [this] { asio::post(impl_->io, [this] { impl_->end(); }); });
    impl_->io.run();
}

}  // namespace audio_ident::http
