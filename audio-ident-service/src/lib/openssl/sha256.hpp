#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace audio_ident::openssl {

/// Computes SHA-256 (FIPS 180-4) of data in blocks. Throws std::runtime_error when OpenSSL fails because memory ran out
/// or the algorithm is disabled on this machine.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void update(std::span<const std::byte> bytes);
    /// Returns the digest and resets the object.
    std::array<std::byte, 32> digest();
    /// Returns the digest as 64 lower-case hexadecimal digits and resets the object.
    std::string finish();

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace audio_ident::openssl
