#pragma once

#include <boost/beast/http/message.hpp>

#include "core/result.hpp"
#include "http/message.hpp"

namespace audio_ident::http {

/// Reads the request line and the header fields into a Request. Fails with invalid_input when the path or the query is
/// not valid, or when an HTTP/1.1 request lacks its one Host field; method, path and fields are set even then, for the
/// log.
Result<void> read_request_header(const boost::beast::http::request_header<>& header, Request& request);

}  // namespace audio_ident::http
