#include "lib/openssl/hmac_sha256.hpp"

#include <array>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdexcept>

#include "lib/openssl/hex_text.hpp"

namespace audio_ident::openssl {

std::string hmac_sha256(std::string_view key, std::string_view message) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
    unsigned int size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, message.size(), code.data(), &size) ==
        nullptr)
        throw std::runtime_error("HMAC-SHA256 is not usable: HMAC failed");
    return hex_text({code.data(), size});
}

}  // namespace audio_ident::openssl
