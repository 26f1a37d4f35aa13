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

/// The files in a tar archive, one after the other; it is not unpacked. For one thread.
class TarReader {
  public:
    struct Entry {
        std::string name;  ///< as the archive has it: not to be trusted as a path
        std::uint64_t bytes = 0;
    };

    /// Fails with not_available when the file cannot be read.
    static Result<TarReader> open(const std::filesystem::path& path);

    /// The next ordinary file; links, folders and the like are passed over. nullopt at the end. Fails with corrupt when the
    /// archive is none, is damaged, or ends early.
    Result<std::optional<Entry>> next();
    /// The entry's next bytes, as many as there are; 0 at its end. Fails as next() does.
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
