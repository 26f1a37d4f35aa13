#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "core/result.hpp"
#include "util/descriptor.hpp"

namespace audio_ident::util {

/// What a file survives as soon as it has been replaced.
enum class Durability {
    /// The end of the program, even by kill -9. After a power cut the file may be the old one, the new one or a damaged
    /// one. For files whose readers notice damage, and whose content the program can make again. Costs no time.
    program_crash,
    /// Also a power cut. The file and its folder are synchronised, which takes milliseconds on an SSD and tens of
    /// milliseconds on a disk. For files that nobody can make again, or whose readers would not notice damage.
    power_cut
};

/// Replaces a file by one with this content. Other processes and threads see the whole old file or the whole new one.
/// The last of several writers wins. The new file keeps the permissions of the old one, and its owner where the system
/// allows that; without an old file it gets the permissions of the umask. If the path is a symbolic link, the file that
/// it leads to is replaced. Fails with not_available and leaves the old file unchanged.
[[nodiscard]] Result<void> replace_file(const std::filesystem::path& file, std::string_view content,
                                        Durability durability);

/// Renames a finished file within its file system, and replaces any file of that name. For files that have another name
/// until they are finished, such as a download that can be resumed. Fails like replace_file().
[[nodiscard]] Result<void> move_into_place(const std::filesystem::path& from, const std::filesystem::path& to,
                                           Durability durability);

/// replace_file() for content that comes in pieces: write, then commit. Without a commit the old file stays unchanged,
/// and no other file stays. The content is written to a temporary file in the same folder; if the program is killed,
/// the next program that writes in this folder removes that file. Not thread-safe.
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
    /// The temporary file, for libraries that need a path. They must flush their output before the commit.
    const std::filesystem::path& temporary() const { return temporary_; }

    /// Replaces the old file by the new one. Must be the last call. Fails with not_available.
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
