#pragma once

#include <span>
#include <string_view>

namespace audio_ident::api {

/// A file of api/pages/, which is part of the program (cmake/EmbedFiles.cmake writes them).
struct EmbeddedFile {
    std::string_view name;
    std::string_view sha256;
    std::string_view text;
};

std::span<const EmbeddedFile> page_files();

}  // namespace audio_ident::api
