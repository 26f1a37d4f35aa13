#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <stop_token>
#include <string>

#include "http/form.hpp"
#include "http/pool.hpp"
#include "http/server.hpp"
#include "http/service.hpp"

namespace audio_ident::http {

/// What all connections of a server share.
struct ConnectionParts {
    const ServerSettings& settings;
    Service& service;
    WorkerPool& store_pool;
    WorkerPool& cpu_pool;
};

/// One client's connection: its requests, one after the other. Lives on the I/O thread.
class Connection {
  public:
    Connection(boost::asio::ip::tcp::socket socket, ConnectionParts parts);

    /// Until the connection ends. Never throws.
    boost::asio::awaitable<void> run();

    /// No further request: at once when it waits for one, else after the running one.
    void end();
    /// At once, whatever runs; work on pools is told to stop.
    void abort();

  private:
    using Parser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;
    struct Exchange;

    boost::asio::awaitable<bool> wait_for_request();
    boost::asio::awaitable<void> serve_one();
    boost::asio::awaitable<void> answer(Exchange& exchange);
    boost::asio::awaitable<Result<void>> receive(Exchange& exchange);
    boost::asio::awaitable<Result<void>> receive_body(Exchange& exchange, FormReceiver* form);
    boost::asio::awaitable<void> send(Exchange& exchange);
    boost::asio::awaitable<void> send_file(const FileSlice& file);
    boost::asio::awaitable<void> send_events(const EventSource& source, bool chunked);
    boost::asio::awaitable<bool> run_on(WorkerPool& pool, std::function<void()> work);
    boost::asio::awaitable<void> linger();

    boost::beast::tcp_stream stream_;
    ConnectionParts parts_;
    boost::beast::flat_buffer buffer_;
    std::string client_;
    std::stop_source stop_;
    bool idle_ = false;
    bool ending_ = false;
    bool unread_ = false;  ///< a part of the last request was not read: the client may still be sending
};

}  // namespace audio_ident::http
