#pragma once

#include <span>
#include <string_view>

namespace audio_ident::http {

/// A file of http/page/, which is part of the program.
struct EmbeddedFile {
    std::string_view name;
    std::string_view sha256;
    std::string_view text;
};

std::span<const EmbeddedFile> page_files();

}  // namespace audio_ident::http
