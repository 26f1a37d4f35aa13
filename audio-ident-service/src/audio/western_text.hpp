#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace audio_ident::audio {

/// How far 8-bit texts look like Western or Central European ones. Used by detect_tag_encoding().
struct WesternText {
    std::size_t high_bytes = 0;     ///< bytes from 0x80 on
    std::size_t strange_bytes = 0;  ///< those in words that no Western European language writes
    bool is_central_european = false;
};

/// is_central_european: read as windows-1250, all words that change fit the alphabet of one Central European language,
/// and at least one of them fits no Western one.
WesternText examine_western(std::span<const std::string> texts);

}  // namespace audio_ident::audio
