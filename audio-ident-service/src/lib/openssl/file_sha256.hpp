#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/deadline.hpp"
#include "core/result.hpp"

namespace audio_ident::openssl {

struct FileHash {
    std::string sha256;      ///< 64 lower-case hexadecimal digits
    std::int64_t bytes = 0;  ///< number of bytes hashed
};

/// Hashes a regular file in one pass. Never waits on a pipe or device with that name. Fails with: not_available (cannot
/// be opened or read), invalid_input (not a regular file), timeout (deadline or stop), internal (OpenSSL failed).
Result<FileHash> file_sha256(const std::filesystem::path& path, const Deadline& deadline);

}  // namespace audio_ident::openssl
