#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "audio/decoder.hpp"

namespace audio_ident::audio {

inline constexpr std::size_t kMaxTagCharacters = 500;

/// Cleans a tag's text for storage and display. The result is valid UTF-8 of at most kMaxTagCharacters code points.
/// Input that is not UTF-8 is read as Latin-1, which ID3v1 and RIFF use. White space at the ends is removed, line
/// breaks and tabs become spaces, and other control characters are dropped. Returns nullopt when nothing is left.
std::optional<std::string> clean_tag(std::string_view text);

/// Guesses the tags of a file without a title tag from its name. The title is never empty; artist and album are set
/// only when the name contains them.
///
///     "Title.mp3"                                 title
///     "Artist - Title.mp3"                        artist, title
///     "03 - Title", "03. Title", "03 Title"       title; without punctuation the number needs a leading zero,
///                                                 so that "99 Luftballons" stays whole
///     "1-03 Title", "03 - Artist - Title"         the same, without the number
///     "Artist - 03 - Title"                       artist, title
///     "Artist - Album - 03 - Title"               artist, album, title
///     "artist_-_title"                            underscores become spaces when the name has no spaces
Tags tags_from_file_name(const std::filesystem::path& path);

}  // namespace audio_ident::audio
