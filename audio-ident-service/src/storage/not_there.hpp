#pragma once

#include <filesystem>

#include "core/result.hpp"
#include "util/path_text.hpp"

namespace audio_ident::storage {

inline Unexpected not_there(const std::filesystem::path& path) {
    return Unexpected(
        Error{ErrorKind::not_available, util::path_to_text(path.native()) + ": no such file", Reason::file_not_found});
}

}  // namespace audio_ident::storage
