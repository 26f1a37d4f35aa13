#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "http/server_settings.hpp"

namespace audio_ident::http {

/// The socket of one client, the bytes that were read but not used yet, and the limits on waiting. A connection owns
/// it, and shares it with the code that reads requests and writes responses. Lives on the I/O thread.
struct ClientStream {
    static constexpr std::size_t kMaxHeaderBytes = 16 * 1024;
    static constexpr std::size_t kChunkBytes = 64 * 1024;

    ClientStream(boost::asio::ip::tcp::socket socket, const ServerSettings& server_settings)
        : stream(std::move(socket)), buffer(kMaxHeaderBytes + kChunkBytes), settings(server_settings) {}

    boost::beast::tcp_stream stream;
    boost::beast::flat_buffer buffer;
    const ServerSettings& settings;
    bool ending = false;  ///< serve no further request
};

using RequestParser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;

/// Await an operation and put its failure into `error` instead of throwing.
inline auto awaiting(boost::system::error_code& error) {
    return boost::asio::redirect_error(boost::asio::use_awaitable, error);
}

}  // namespace audio_ident::http
