#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace audio_ident::api {

/// The folder that a client names, with all links resolved. Fails with forbidden when it is not below one of the roots,
/// and with directory_not_found when it would be below one but does not exist.
Result<std::filesystem::path> allowed_folder(const std::string& directory,
                                             const std::vector<std::filesystem::path>& roots);

/// The same for a file. Fails with file_not_found when it does not exist.
Result<std::filesystem::path> allowed_file(const std::string& file, const std::vector<std::filesystem::path>& roots);

/// The same for a file or a named pipe.
Result<std::filesystem::path> allowed_file_or_pipe(const std::string& file,
                                                   const std::vector<std::filesystem::path>& roots);

}  // namespace audio_ident::api
