#pragma once

#include <fmt/format.h>
#include <string>

#include "catalog/track.hpp"

namespace audio_ident::test {

/// A valid row whose id, hash and path depend on `number`. Tests may change the other columns.
inline catalog::Track make_track(int number) {
    catalog::Track track;
    TrackId::Bytes bytes{};
    for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
    bytes[15] = 1;
    track.id = TrackId(bytes);
    track.title = fmt::format("Title {}", number);
    track.duration_seconds = 200;
    track.file_hash_sha256 = fmt::format("{:064x}", number);
    track.file_size_bytes = 1000 + number;
    track.file_path = fmt::format("/music/{:06}.flac", number);
    track.file_modified_ns = 1'700'000'000'000'000'000 + number;
    return track;
}

}  // namespace audio_ident::test
