// What a station sends besides sound: playlists, and titles between the sound.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "monitor/feed/icy.hpp"
#include "monitor/feed/playlist.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace audio_ident::monitor;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto playlist = parse_playlist(text)) {
        if (!(playlist->target_seconds >= 1 && playlist->target_seconds <= 60)) std::abort();
    }
    std::size_t sound = 0;
    Icy icy(8);
    icy.consume(
        std::as_bytes(std::span(data, size)), [&](std::span<const std::byte> bytes) { sound += bytes.size(); },
        [](const std::string&) {});
    if (sound > size) std::abort();
    return 0;
}
