#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace audio_ident::index {

/// The blocks of peaks that a process has read from PostgreSQL. They never change, because a track's number is never
/// used again, but by an index that is made anew, in another epoch. Kept up to a number of bytes; those that nobody
/// asked for go first. Thread-safe.
class PostgresPeaks {
  public:
    using Block = std::shared_ptr<const std::vector<std::byte>>;  ///< shared with the snapshots that use it

    explicit PostgresPeaks(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    /// nullptr when it is not kept. `key`: of the track and the block.
    Block find(std::int64_t epoch, std::uint64_t key);
    /// `block`: what the database has under this key; empty when the track has no such block.
    void keep(std::int64_t epoch, std::uint64_t key, Block block);
    /// Of the blocks that are kept, with what their entries take.
    std::uint64_t bytes();

  private:
    using Blocks = std::unordered_map<std::uint64_t, Block>;

    void add(std::uint64_t key, Block block);

    const std::size_t most_bytes_;
    std::mutex mutex_;
    std::int64_t epoch_ = 0;
    Blocks recent_;  ///< becomes old_ when it has half of the bytes
    Blocks old_;
    std::size_t recent_bytes_ = 0;
    std::size_t old_bytes_ = 0;
};

}  // namespace audio_ident::index
