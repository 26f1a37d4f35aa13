#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace audio_ident::storage {

/// The copies of files of a server in a folder of this machine. When they grow beyond a limit, those go that nobody has
/// used for longest, down to nine tenths of it; but none that was used in the last ten minutes, and none that the
/// server does not have: the folder may have held the only copy once. Thread-safe; other processes may use the folder
/// too.
class LocalCopies {
  public:
    /// Whether the server has a file of this size under this name. Absent: it does not answer.
    using OnServer = std::function<std::optional<bool>(const std::string& name, std::uint64_t bytes)>;

    LocalCopies(std::filesystem::path root, std::uint64_t limit, OnServer on_server)
        : root_(std::move(root)), limit_(limit), on_server_(std::move(on_server)) {}

    const std::filesystem::path& root() const { return root_; }
    /// The path of a copy that is there, which counts as used now.
    std::optional<std::filesystem::path> use(const std::string& name) const;
    /// A file has come. Removes others when there are too many bytes; a few at a time, so that nobody waits for long.
    void came(const std::filesystem::path& file);
    void remove(const std::string& name) const;

  private:
    void shrink();

    std::filesystem::path root_;
    std::uint64_t limit_;
    OnServer on_server_;
    std::mutex shrinking_;
    std::mutex mutex_;                    ///< of what follows
    std::optional<std::uint64_t> bytes_;  ///< about; absent: not counted yet
};

}  // namespace audio_ident::storage
