#pragma once

#include <cstdint>
#include <memory>

#include "lib/curl/s3_bucket.hpp"
#include "storage/audio_store.hpp"

namespace audio_ident::storage {

/// A store in a bucket of S3: each file is an object of its name. `root` keeps copies of those that were used last, of
/// about `most_bytes`; it may be emptied at any time. Files that only `root` has, because the store was a folder
/// before, are used there and stay.
std::unique_ptr<AudioStore> make_bucket_store(curl::S3Address address, std::filesystem::path root,
                                              std::uint64_t most_bytes);

}  // namespace audio_ident::storage
