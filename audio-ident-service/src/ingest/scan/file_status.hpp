#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "core/result.hpp"

namespace audio_ident::ingest {

/// Identifies a file under all its names.
struct FileId {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    auto operator<=>(const FileId&) const = default;
    friend std::size_t hash_value(const FileId& id) {
        return static_cast<std::size_t>((id.inode * 0x9E3779B97F4A7C15ULL) ^ (id.device << 17));
    }
};

enum class FileType { regular, folder, other };

struct FileStatus {
    FileId id;
    FileType type = FileType::other;
    std::int64_t size_bytes = 0;
    std::int64_t modified_ns = 0;  ///< time of modification, nanoseconds since 1970
};

/// Looks a file up, through links. Absent when nothing has that name, or the link's target is gone. Fails with
/// not_available when nobody can tell (no permission, a loop of links, an input/output error).
Result<std::optional<FileStatus>> file_status(const std::filesystem::path& path);

/// A file to ingest, as the scanner found it.
struct FileEntry {
    std::filesystem::path path;  ///< absolute, lexically normal; any bytes
    FileStatus status;
};

}  // namespace audio_ident::ingest
