#pragma once

#include <boost/asio/awaitable.hpp>

#include "http/bounded_pool.hpp"
#include "http/client_stream.hpp"
#include "http/message.hpp"

namespace audio_ident::http {

/// Which parts of a response a request may get.
struct ResponseForm {
    bool head = false;      ///< only the header
    unsigned version = 11;  ///< of HTTP; 1.0 has no chunks
};

/// Writes responses to one client. Throws boost::system::system_error when the client does not take them in time.
class ResponseWriter {
  public:
    /// `disk_pool` reads files.
    ResponseWriter(ClientStream& client, BoundedPool& disk_pool) : client_(client), disk_pool_(disk_pool) {}

    /// Closes the connection when a file cannot be read to its end, and sets `client.ending` when the end of the
    /// response can only be shown by closing.
    boost::asio::awaitable<void> write(const Response& response, ResponseForm form);

  private:
    boost::asio::awaitable<void> write_file(const FileSlice& file);
    boost::asio::awaitable<void> write_events(const EventSource& source, bool chunked);

    ClientStream& client_;
    BoundedPool& disk_pool_;
};

}  // namespace audio_ident::http
