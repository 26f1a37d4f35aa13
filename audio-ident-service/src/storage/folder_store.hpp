#pragma once

#include <memory>

#include "storage/audio_store.hpp"

namespace audio_ident::storage {

/// A store that is a folder, on this machine's disk or on one that services share.
std::unique_ptr<AudioStore> make_folder_store(std::filesystem::path root);

}  // namespace audio_ident::storage
