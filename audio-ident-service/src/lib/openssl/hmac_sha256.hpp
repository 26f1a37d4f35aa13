#pragma once

#include <string>
#include <string_view>

namespace audio_ident::openssl {

/// HMAC-SHA256 (RFC 2104) of the message as 64 lower-case hexadecimal digits. Throws std::runtime_error when OpenSSL
/// fails because memory ran out or the algorithm is disabled on this machine.
std::string hmac_sha256(std::string_view key, std::string_view message);

}  // namespace audio_ident::openssl
