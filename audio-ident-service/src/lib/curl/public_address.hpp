#pragma once

#include <string>

struct sockaddr;

namespace audio_ident::curl {

/// Whether an address of the internet is meant: not this machine, its network, or an address for special use (RFC 6890
/// and RFC 4193). An address of IPv4 inside one of IPv6 counts as itself.
bool is_public(const sockaddr& address);

/// "192.168.1.2"
std::string text_of(const sockaddr& address);

}  // namespace audio_ident::curl
