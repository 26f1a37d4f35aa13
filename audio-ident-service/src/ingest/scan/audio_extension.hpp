#pragma once

#include <string_view>

namespace audio_ident::ingest {

/// Whether a scan of a folder tries a file of this name: it has one of the extensions of music files, in upper or lower
/// case. The decoder decides later whether the file really is music.
bool has_audio_extension(std::string_view file_name);

}  // namespace audio_ident::ingest
