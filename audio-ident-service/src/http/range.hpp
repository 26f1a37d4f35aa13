#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace audio_ident::http {

/// Bytes [begin, begin + size) of a representation.
struct ByteRange {
    std::uint64_t begin = 0;
    std::uint64_t size = 0;

    bool operator==(const ByteRange&) const = default;
};

struct WholeBody {};      ///< no range, or none that is understood: respond with 200 and everything
struct Unsatisfiable {};  ///< respond with 416

/// The part of a representation of `size` bytes that a Range header (RFC 9110, 14.1) asks for. Only a single range is
/// served; several ranges, other units and malformed headers are ignored, as the RFC allows.
std::variant<WholeBody, ByteRange, Unsatisfiable> parse_range(std::string_view header, std::uint64_t size);

}  // namespace audio_ident::http
