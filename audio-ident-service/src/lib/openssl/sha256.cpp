#include "lib/openssl/sha256.hpp"

#include <array>
#include <new>
#include <openssl/evp.h>
#include <stdexcept>

#include "lib/openssl/hex_text.hpp"

namespace audio_ident::openssl {

namespace {

void check(int ok, const char* what) {
    if (ok != 1) throw std::runtime_error(std::string("SHA-256 is not usable: ") + what + " failed");
}

}  // namespace

struct Sha256::Context {
    Context() : md(EVP_MD_CTX_new()) {
        if (!md) throw std::bad_alloc();
    }
    ~Context() { EVP_MD_CTX_free(md); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    void start() { check(EVP_DigestInit_ex(md, EVP_sha256(), nullptr), "EVP_DigestInit_ex"); }

    EVP_MD_CTX* md;
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
    context_->start();
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::span<const std::byte> bytes) {
    check(EVP_DigestUpdate(context_->md, bytes.data(), bytes.size()), "EVP_DigestUpdate");
}

std::array<std::byte, 32> Sha256::digest() {
    std::array<std::byte, 32> digest{};
    check(EVP_DigestFinal_ex(context_->md, reinterpret_cast<unsigned char*>(digest.data()), nullptr),
          "EVP_DigestFinal_ex");
    context_->start();
    return digest;
}

std::string Sha256::finish() {
    const auto bytes = digest();
    return hex_text({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
}

}  // namespace audio_ident::openssl
