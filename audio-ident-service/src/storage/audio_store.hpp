#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "core/deadline.hpp"
#include "core/result.hpp"

namespace audio_ident::storage {

/// Where uploads are kept, and the recordings of timelines with what was heard of them. Each has a name, a path below
/// the folder AUDIO_STORAGE_ROOT (storage/stored_name.hpp); the catalog has it as a path, which another service may
/// have stored, with a folder of its own. Files that were ingested where they are do not belong to the store: for them
/// it does what the disk does.
///
/// Calls fail with Reason::store_unavailable when a server cannot be reached or refuses, and with
/// Reason::file_not_found when there is no such file. Thread-safe; several processes may use one store.
class AudioStore {
  public:
    virtual ~AudioStore() = default;

    /// Brings the bytes of a file, which may still have another name, to the server, if there is one and it does not
    /// have them. Takes long; do it before you take a lock, and keep() will be fast.
    virtual Result<void> send(const std::filesystem::path& file, const std::string& name, const Deadline& deadline) = 0;
    /// Moves a file of the same file system to its place below the root. When it returns, the store has it, also after
    /// a power cut. Returns the path for the catalog. Fails also with not_available when it cannot be moved.
    virtual Result<std::filesystem::path> keep(const std::filesystem::path& file, const std::string& name,
                                               const Deadline& deadline) = 0;

    /// The path where the file that the catalog has at `path` can be read now. Fetches it when it is on the server
    /// alone. It stays there for a minute at least; who opens it later asks again. A path that is none of the store's
    /// comes back as it is.
    virtual Result<std::filesystem::path> open(const std::filesystem::path& path, const Deadline& deadline) = 0;
    /// The same for what changes: as it is now, and not as it was when it was last read.
    virtual Result<std::filesystem::path> open_newest(const std::filesystem::path& path, const Deadline& deadline) = 0;
    /// The path where it would be read, whether it is there or not.
    virtual std::filesystem::path place_of(const std::filesystem::path& path) const = 0;
    /// Whether open() would find it.
    virtual Result<bool> has(const std::filesystem::path& path, const Deadline& deadline) = 0;
    /// The same without waiting: true also for what only a server could tell.
    virtual bool may_have(const std::filesystem::path& path) const = 0;
    /// How many of these are not there.
    virtual Result<std::size_t> count_missing(std::span<const std::filesystem::path> paths,
                                              const Deadline& deadline) = 0;

    /// Removes a file of the store; one that does not belong to it stays, an absent one is fine.
    virtual Result<void> remove(const std::filesystem::path& path, const Deadline& deadline) = 0;
    /// Removes all that is below a folder of the store, by name: "timelines/<id>".
    virtual Result<void> remove_folder(const std::string& name, const Deadline& deadline) = 0;

    /// Whether files are at a server, so that services need not share the folder.
    virtual bool is_shared() const = 0;
    /// Where they are, for people: "/var/lib/…", "s3://bucket/prefix at https://…".
    virtual std::string text() const = 0;
    /// Whether files can be put, read and removed. Tries it with a small file.
    virtual Result<void> check(const Deadline& deadline) = 0;
    /// Whether it answers; quick.
    virtual Result<void> ping(const Deadline& deadline) = 0;
};

}  // namespace audio_ident::storage
