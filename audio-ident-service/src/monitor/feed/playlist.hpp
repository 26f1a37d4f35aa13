#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace audio_ident::monitor {

struct Segment {
    std::string url;             ///< as written in the playlist
    bool discontinuity = false;  ///< another encoding may begin here
};

/// What a playlist says (RFC 8216, and the simple M3U and PLS of radio stations). URLs are as written, not resolved.
struct Playlist {
    std::vector<std::string> choices;  ///< other playlists or streams to go on with, best first; else:
    std::vector<Segment> segments;
    std::uint64_t first_number = 0;  ///< of the first segment
    double target_seconds = 6;
    std::string map;     ///< a piece that must come before the segments; empty: none
    bool ended = false;  ///< no segments will follow
};

/// Whether these bytes begin a playlist.
bool is_playlist(std::string_view text);

/// Fails with unsupported for what cannot be listened to (encrypted, parts of files), and invalid_input where nothing
/// is in it. Among several variants of a programme the one with the lowest bit rate of at least 48 kb/s comes first.
Result<Playlist> parse_playlist(std::string_view text);

}  // namespace audio_ident::monitor
