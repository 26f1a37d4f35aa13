#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace audio_ident::util {

/// A file in memory, to be read. Pages are read when they are first touched. A file that is cut off meanwhile ends the
/// process when they are (SIGBUS), so write new files under another name. Thread-safe.
class MappedFile {
  public:
    /// nullptr when the file does not exist, is empty or cannot be read.
    static std::shared_ptr<const MappedFile> open(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    std::span<const std::byte> bytes() const { return {static_cast<const std::byte*>(data_), size_}; }
    /// Whether the path still leads to this file.
    bool is(const std::filesystem::path& path) const;
    /// Begins to read all of it.
    void read_ahead() const;
    /// Frees the memory of the pages. Pages that are touched again are read again.
    void forget_pages() const;

  private:
    MappedFile() = default;

    void* data_ = nullptr;
    std::size_t size_ = 0;
    std::uint64_t device_ = 0, inode_ = 0;
};

}  // namespace audio_ident::util
