#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "http/message.hpp"
#include "http/route.hpp"

namespace audio_ident::http {

struct AccessRules {
    std::vector<std::string> origins;  ///< other web sites that may use the service from a browser; "*": all
    std::vector<std::string> hosts;    ///< names of this machine besides localhost; "*": any
    std::string write_key;             ///< empty: writes need none
};

/// Who may do what.
///
/// - The name a browser believes to talk to (Host) is this machine's, so that no site can point its own name here (DNS
///   rebinding): an address, localhost, or a name in `hosts`.
/// - A request that another web site makes through the user's browser (Origin, Sec-Fetch-Site) is refused unless that
///   site is in `origins`; following a link to a page is fine.
/// - Writes show `write_key` as bearer token; it is compared in constant time.
///
/// Fails with FORBIDDEN or UNAUTHORIZED.
Result<void> check_access(const AccessRules& rules, const Request& request, Access access);

/// The Origin of the request when it may read the answer; empty: no CORS headers.
std::string allowed_origin(const AccessRules& rules, const Request& request);

/// Whether an address to listen on can be reached from this machine only.
bool is_loopback(const std::string& address);

}  // namespace audio_ident::http
