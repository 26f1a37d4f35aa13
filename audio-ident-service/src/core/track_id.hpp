#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/uuid.hpp"

namespace audio_ident {

/// The identity of a track in every store and answer: a UUID with its own type, distinct from all other UUIDs.
class TrackId {
  public:
    using Bytes = Uuid::Bytes;

    /// The nil UUID, which names no track.
    TrackId() = default;
    explicit TrackId(const Bytes& bytes) : uuid_(bytes) {}
    explicit TrackId(const Uuid& uuid) : uuid_(uuid) {}

    /// A new track's identity. Thread-safe.
    static TrackId random() { return TrackId(Uuid::random()); }
    /// Reads what Uuid::parse() reads; nullopt for anything else.
    static std::optional<TrackId> parse(std::string_view text) {
        const auto uuid = Uuid::parse(text);
        return uuid ? std::optional(TrackId(*uuid)) : std::nullopt;
    }

    const Uuid& uuid() const { return uuid_; }
    const Bytes& bytes() const { return uuid_.bytes(); }
    /// 36 characters in lower case.
    std::string to_string() const { return uuid_.to_string(); }

    auto operator<=>(const TrackId&) const = default;

  private:
    Uuid uuid_;
};

}  // namespace audio_ident

template <>
struct std::hash<audio_ident::TrackId> {
    std::size_t operator()(const audio_ident::TrackId& id) const noexcept {
        return std::hash<audio_ident::Uuid>()(id.uuid());
    }
};
