#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "http/message.hpp"
#include "http/route.hpp"

namespace audio_ident::http {

struct AccessRules {
    std::vector<std::string> origins;  ///< other web sites that may use the service from a browser; "*": all
    std::vector<std::string> hosts;    ///< names of this machine besides localhost; "*": any name
    std::string write_key;             ///< empty: writes need no key
};

/// Checks who may do what:
///
/// - The Host header must be an IP address, localhost or a name in `hosts`. Otherwise a web site could point its own
///   name at this machine and reach the service through a visitor's browser (DNS rebinding).
/// - A request that another web site makes through the user's browser (Origin, Sec-Fetch-Site) is refused unless that
///   site is in `origins`. Following a link to a page is allowed.
/// - Writes need `write_key` as a bearer token. It is compared in constant time.
///
/// Fails with forbidden or unauthorized.
Result<void> check_access(const AccessRules& rules, const Request& request, Access access);

/// The Origin of the request if that site may read the response; empty: the response gets no CORS headers.
std::string allowed_origin(const AccessRules& rules, const Request& request);

/// Whether only this machine can reach a service that listens on this address.
bool is_loopback(const std::string& address);

}  // namespace audio_ident::http
