#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/result.hpp"

struct archive;

namespace audio_ident::archive {

/// Iterates over the files in a tar archive without unpacking it. Not thread-safe.
class TarReader {
  public:
    struct Entry {
        std::string name;  ///< as the archive states it; never use it as a path
        std::uint64_t bytes = 0;
    };

    /// Fails with not_available when the file cannot be read.
    static Result<TarReader> open(const std::filesystem::path& path);

    /// Moves to the next regular file and skips links, folders and the like. nullopt at the end. Fails with corrupt
    /// when the file is not an archive, is damaged, or ends early.
    Result<std::optional<Entry>> next();
    /// Reads up to buffer.size() bytes of the entry. Returns their number, 0 at its end. Fails as next() does.
    Result<std::size_t> read(std::span<char> buffer);

  private:
    struct Close {
        void operator()(::archive* handle) const;
    };
    TarReader(std::unique_ptr<::archive, Close> handle, std::string path)
        : handle_(std::move(handle)), path_(std::move(path)) {}
    Unexpected broken() const;

    std::unique_ptr<::archive, Close> handle_;
    std::string path_;
};

}  // namespace audio_ident::archive
