#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace audio_ident {

/// A universally unique identifier (RFC 4122): 16 bytes in network order. Names requests, jobs and temporary files.
/// Tracks have their own type, TrackId.
class Uuid {
  public:
    using Bytes = std::array<std::uint8_t, 16>;

    /// The nil UUID, which names nothing.
    Uuid() = default;
    explicit Uuid(const Bytes& bytes) : bytes_(bytes) {}

    /// A random (version 4) UUID. Thread-safe.
    static Uuid random();
    /// Reads "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" in upper or lower case; nullopt for anything else.
    static std::optional<Uuid> parse(std::string_view text);

    const Bytes& bytes() const { return bytes_; }
    /// 36 characters in lower case.
    std::string to_string() const;

    auto operator<=>(const Uuid&) const = default;

  private:
    Bytes bytes_{};
};

}  // namespace audio_ident

template <>
struct std::hash<audio_ident::Uuid> {
    std::size_t operator()(const audio_ident::Uuid& uuid) const noexcept;
};
