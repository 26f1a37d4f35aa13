#include "index/lmdb/index_environment.hpp"

#include "lib/lmdb/data_file.hpp"

namespace audio_ident::index {

bool IndexEnvironment::has_data(const std::filesystem::path& folder) {
    return !lmdb::data_file_is_unused(folder / "data.mdb");
}

}  // namespace audio_ident::index
