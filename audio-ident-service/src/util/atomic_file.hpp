#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "core/result.hpp"
#include "util/descriptor.hpp"

namespace audio_ident::util {

/// What a file survives from the moment when it has been replaced.
enum class Durability {
    /// The end of the program, also by kill -9. After a power cut the file may be the old one, the new one or a damaged
    /// one: for files whose readers notice damage, and whose content the program can make again. Costs no wait.
    program_crash,
    /// A power cut too. The file and its folder are synchronised, which takes milliseconds on an SSD and tens of
    /// milliseconds on a disk: for files that nobody can make again, or whose readers would not notice damage.
    power_cut
};

/// Replaces a file by one with this content. Other processes and threads see the old file or the new one, whole; of
/// several writers the last to finish wins. The new file keeps the old one's permissions, and its owner where the
/// system allows that; without an old file it gets the permissions that the umask gives. A symbolic link stays one: the
/// file it leads to is replaced. Fails with not_available, and then the old file is as it was.
[[nodiscard]] Result<void> replace_file(const std::filesystem::path& file, std::string_view content,
                                        Durability durability);

/// Gives a finished file of the same file system its name, replacing what has that name. For files that stay under a
/// name of their own while they are made, such as a download that can be resumed. Fails like replace_file().
[[nodiscard]] Result<void> move_into_place(const std::filesystem::path& from, const std::filesystem::path& to,
                                           Durability durability);

/// replace_file() for content that comes in pieces: write, then commit. Without a commit the old file stays as it is
/// and nothing is left beside it. The content collects in a temporary file in the same folder; if the program is
/// killed, the next program that writes in this folder removes it. Not thread-safe.
class AtomicFile {
  public:
    /// Fails with not_available. The folder must exist.
    [[nodiscard]] static Result<AtomicFile> create(const std::filesystem::path& file, Durability durability);
    ~AtomicFile();
    AtomicFile(AtomicFile&&) noexcept = default;
    AtomicFile& operator=(AtomicFile&&) = delete;

    /// Appends. Fails with not_available.
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);
    [[nodiscard]] Result<void> write(std::string_view text) { return write(std::as_bytes(std::span(text))); }
    /// Overwrites what was written before, from an offset in bytes on. Fails with not_available.
    [[nodiscard]] Result<void> overwrite(std::uint64_t offset, std::span<const std::byte> bytes);
    /// Where the content collects, for libraries that want a path. What they write must be flushed before the commit.
    const std::filesystem::path& temporary() const { return temporary_; }

    /// Puts the new file in the place of the old one; the last call. Fails with not_available.
    [[nodiscard]] Result<void> commit();

  private:
    AtomicFile(std::filesystem::path file, Durability durability) : file_(std::move(file)), durability_(durability) {}
    Result<void> open();

    std::filesystem::path file_;
    Durability durability_;
    std::filesystem::path temporary_;
    Descriptor descriptor_;  ///< locked while it is open, which tells other processes that the writer lives
};

}  // namespace audio_ident::util
