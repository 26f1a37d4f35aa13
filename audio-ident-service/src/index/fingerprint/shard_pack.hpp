#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "core/result.hpp"
#include "index/fingerprint/shard.hpp"
#include "util/mapped_file.hpp"

namespace audio_ident::index {

/// A file of the local copy (shard_copy.hpp): some shards, mapped. All numbers are little-endian.
///
///     pack  = head entry[shards] bytes[shards]
///     head  = "aidshard" format:u32 shards:u32 check:u64          check number of the head (with check 0) and entries
///     entry = hash:u8[16] size:u64 check:u64                      check number of the shard's bytes
///
/// The shards lie end to end, and the last one ends with the file. Files are written without waiting for the disk: a
/// power cut may leave one with the right size and wrong bytes, which the check numbers tell. They are made to be fast,
/// and catch accidents, not an adversary, who could change the program as well.
///
/// A file that is cut off while it is mapped ends the process (SIGBUS), as one of LMDB does. Nobody cuts them off: they
/// are written under another name, and removed as a whole. Thread-safe.
class ShardPack {
  public:
    static constexpr std::uint64_t kHeadBytes = 24;
    struct Entry {
        ShardHash hash;
        std::uint64_t size = 0;
        std::uint64_t check = 0;
    };

    /// nullptr when there is no such file, or this program cannot use it: truncated, damaged at the head, another
    /// format.
    static std::shared_ptr<const ShardPack> open(const std::filesystem::path& path);

    std::span<const Entry> entries() const { return entries_; }
    Bytes bytes(std::size_t entry) const { return file_->bytes().subspan(begins_[entry], entries_[entry].size); }
    /// Whether the bytes of this entry are those that were written. Reads all of them.
    bool is_whole(std::size_t entry) const;
    std::uint64_t file_bytes() const { return file_->bytes().size(); }

    struct Named {
        ShardHash hash;
        Bytes bytes;
    };
    /// How large a file with these shards is.
    static std::uint64_t file_bytes(std::span<const Named> shards);
    /// Writes a file. Fails with not_available, and leaves nothing.
    static Result<void> write(const std::filesystem::path& path, std::span<const Named> shards);

  private:
    ShardPack() = default;

    std::shared_ptr<const util::MappedFile> file_;
    std::span<const Entry> entries_;
    std::vector<std::size_t> begins_;
};

}  // namespace audio_ident::index
