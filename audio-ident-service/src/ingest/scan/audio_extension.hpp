#pragma once

#include <string_view>

namespace audio_ident::ingest {

/// Whether a file of this name is worth trying when a folder is scanned: any case, every extension that music comes
/// under. Which files are music in truth is the decoder's word.
bool has_audio_extension(std::string_view file_name);

}  // namespace audio_ident::ingest
