#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <stop_token>
#include <string>

#include "http/bounded_pool.hpp"
#include "http/client_stream.hpp"
#include "http/service.hpp"

namespace audio_ident::http {

/// The parts that all connections of a server share.
struct ConnectionParts {
    const ServerSettings& settings;
    Service& service;
    BoundedPool& store_pool;
    BoundedPool& cpu_pool;
    BoundedPool& talk_pool;
    std::size_t& talks;  ///< conversations that run
};

class Conversation;

/// One client's connection: serves its requests one after the other. The Server makes it; it lives on the I/O thread.
class Connection {
  public:
    Connection(boost::asio::ip::tcp::socket socket, ConnectionParts parts);

    /// Serves until the connection ends. Never throws.
    boost::asio::awaitable<void> run();

    /// Ends the connection: at once if it waits for a request, else after the running one.
    void end();
    /// Ends the connection at once, and asks the work on pools to stop.
    void abort();

  private:
    struct Exchange;

    boost::asio::awaitable<bool> wait_for_request();
    boost::asio::awaitable<void> serve_one();
    boost::asio::awaitable<bool> read_header(Exchange& exchange);
    boost::asio::awaitable<void> answer(Exchange& exchange);
    boost::asio::awaitable<void> run_route(Exchange& exchange);
    boost::asio::awaitable<void> converse(Exchange& exchange);
    boost::asio::awaitable<void> reply(Exchange& exchange);
    void refuse(Exchange& exchange, Response response);
    boost::asio::awaitable<void> linger();

    ClientStream client_;
    ConnectionParts parts_;
    std::string address_;  ///< of the client
    std::stop_source stop_;
    Conversation* conversation_ = nullptr;  ///< while it runs
    bool idle_ = false;
    bool unread_ = false;  ///< part of the last request was not read: the client may still be sending
};

}  // namespace audio_ident::http
