#pragma once

#include <boost/asio/awaitable.hpp>

#include "core/result.hpp"
#include "http/bounded_pool.hpp"
#include "http/client_stream.hpp"
#include "http/form.hpp"

namespace audio_ident::http {

/// Reads the body of one request that was admitted.
class BodyReader {
  public:
    /// `disk_pool` writes uploads that go to a file.
    BodyReader(ClientStream& client, BoundedPool& disk_pool, RequestParser& parser)
        : client_(client), disk_pool_(disk_pool), parser_(parser) {}

    /// Reads the form that the route takes into the request; ignores a small body when it takes none. Fails when the
    /// body is malformed, too large or too slow, or when the service is too busy to take it.
    boost::asio::awaitable<Result<void>> read(const std::optional<FormRules>& rules, Request& request);

  private:
    boost::asio::awaitable<Result<void>> read_form(const FormRules& rules, Request& request);
    boost::asio::awaitable<Result<void>> read_ignored();
    boost::asio::awaitable<void> send_continue();
    /// The next bytes, which live in `chunk_`; empty at the end.
    boost::asio::awaitable<Result<std::string_view>> next();

    ClientStream& client_;
    BoundedPool& disk_pool_;
    RequestParser& parser_;
    std::string chunk_;
};

}  // namespace audio_ident::http
