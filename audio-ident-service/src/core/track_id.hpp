#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace audio_ident {

/// The identity of a track in every store and answer: a UUID (RFC 4122), 16 bytes in network order.
class TrackId {
  public:
    using Bytes = std::array<std::uint8_t, 16>;

    /// The nil UUID, which names no track.
    TrackId() = default;
    explicit TrackId(const Bytes& bytes) : bytes_(bytes) {}

    /// A random (version 4) UUID. Thread-safe.
    static TrackId random();
    /// Reads "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", any case; nullopt for anything else.
    static std::optional<TrackId> parse(std::string_view text);

    const Bytes& bytes() const { return bytes_; }
    /// Lower-case, 36 characters.
    std::string to_string() const;

    auto operator<=>(const TrackId&) const = default;

  private:
    Bytes bytes_{};
};

}  // namespace audio_ident

template <>
struct std::hash<audio_ident::TrackId> {
    std::size_t operator()(const audio_ident::TrackId& id) const noexcept;
};
