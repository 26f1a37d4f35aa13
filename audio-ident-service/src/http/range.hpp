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

struct WholeBody {};      ///< no range that is understood: the answer is 200 with everything
struct Unsatisfiable {};  ///< the answer is 416

/// What a Range header (RFC 9110, 14.1) asks for of a representation of `size` bytes. One range is served; several, other
/// units and malformed headers are ignored, as the RFC allows.
std::variant<WholeBody, ByteRange, Unsatisfiable> parse_range(std::string_view header, std::uint64_t size);

}  // namespace audio_ident::http
