#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace audio_ident::openssl {

/// SHA-256 (FIPS 180-4), streamed. Throws std::runtime_error when OpenSSL fails, which means that memory is out or the
/// algorithm is switched off on this machine.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void update(std::span<const std::byte> bytes);
    /// The digest as 64 lower-case hexadecimal digits; afterwards the object is as new.
    std::string finish();

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace audio_ident::openssl
