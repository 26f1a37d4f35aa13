#include "index/lmdb/index_environment.hpp"

#include <system_error>

namespace audio_ident::index {

bool IndexEnvironment::has_data(const std::filesystem::path& folder) {
    std::error_code error;
    const auto size = std::filesystem::file_size(folder / "data.mdb", error);
    if (!error) return size > 0;
    // Opening the environment reports any other obstacle.
    return error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory;
}

}  // namespace audio_ident::index
