#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace audio_ident::api {

/// The folder that a client names, with all links resolved, if it is below one of the roots. Fails with forbidden when
/// it is not, and with directory_not_found when it would be but does not exist.
Result<std::filesystem::path> allowed_folder(const std::string& directory,
                                             const std::vector<std::filesystem::path>& roots);

}  // namespace audio_ident::api
