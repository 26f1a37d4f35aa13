#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "audio/decoder.hpp"

namespace audio_ident::audio {

inline constexpr std::size_t kMaxTagCharacters = 500;

/// A tag's text as it may be stored and shown: valid UTF-8 (text that is not is taken for Latin-1, as ID3v1 and RIFF
/// wrote it), white space at the ends removed, line ends and tabs turned into spaces, other control characters dropped,
/// at most kMaxTagCharacters code points. Absent when nothing is left.
std::optional<std::string> clean_tag(std::string_view text);

/// Title, and artist and album where the name tells them, for a file without a title tag. The title is never empty.
///
///     "Title.mp3"                                 title
///     "Artist - Title.mp3"                        artist, title
///     "03 - Title", "03. Title", "03 Title"       title; a number without punctuation counts only with a leading
///                                                 zero, for the sake of "99 Luftballons"
///     "1-03 Title", "03 - Artist - Title"         the same, the number removed
///     "Artist - 03 - Title"                       artist, title
///     "Artist - Album - 03 - Title"               artist, album, title
///     "artist_-_title"                            underscores are spaces in a name that has no others
Tags tags_from_file_name(const std::filesystem::path& path);

}  // namespace audio_ident::audio
