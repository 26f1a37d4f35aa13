#pragma once

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace audio_ident::storage {

/// The copies of files of a server in a folder of this machine. When they grow beyond a limit, those go that nobody has
/// used for longest, down to nine tenths of it; but none that was used in the last ten minutes, and none that only this
/// folder has: it may have been the only place once. A file that is marked was on the server: when it is not there any
/// more, somebody removed it. The mark is an extended attribute, so on file systems without them what others remove
/// stays here. Thread-safe; other processes may use the folder too.
class LocalCopies {
  public:
    /// Whether the server has a file of this size under this name. Absent: it does not answer.
    using OnServer = std::function<std::optional<bool>(const std::string& name, std::uint64_t bytes)>;

    /// `server` tells this server from others that the folder had copies of.
    LocalCopies(std::filesystem::path root, std::uint64_t limit, std::string server, OnServer on_server)
        : root_(std::move(root)), limit_(limit), server_(std::move(server)), on_server_(std::move(on_server)) {}

    const std::filesystem::path& root() const { return root_; }
    /// The path of a copy that is there, which counts as used now.
    std::optional<std::filesystem::path> use(const std::string& name);
    /// Marks a file that the server has. It may still have another name.
    void mark(const std::filesystem::path& file) const;
    /// A file has come. Removes others when there are too many bytes; a few at a time, so that nobody waits for long.
    void came(const std::filesystem::path& file);
    void remove(const std::string& name) const;

  private:
    void shrink();
    bool is_marked(const std::string& name) const;
    bool remove_if_unused(const std::string& name, const timespec& since);

    std::filesystem::path root_;
    std::uint64_t limit_;
    std::string server_;
    OnServer on_server_;
    std::mutex shrinking_;
    std::mutex mutex_;                    ///< of what follows, and between a last look at a copy and its removal
    std::optional<std::uint64_t> bytes_;  ///< about; absent: not counted yet
};

}  // namespace audio_ident::storage
