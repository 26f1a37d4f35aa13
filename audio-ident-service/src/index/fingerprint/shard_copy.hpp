#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/executor.hpp"
#include "index/fingerprint/shard_pack.hpp"

namespace audio_ident::index {

/// A folder of this machine with shards of an index that is far away: some files (ShardPack), which any number of
/// processes map at once. A cache: it may be removed at any time.
///
/// Why an answer never comes from wrong bytes: a shard is found by the hash of its bytes, which the database told with
/// the state of the index, so an index that was made anew or restored, or another database, finds its own shards or
/// none. Bytes get into a file only when they have that hash. Each process checks each shard against the check number
/// in its file once, before it uses it; so it reads the whole copy at the beginning, which takes some 0.1 s a GB and
/// core, and what is torn or changed is not found. Thread-safe.
class ShardCopy {
  public:
    struct Settings {
        std::filesystem::path folder;  ///< made when there is something to save
        std::uint64_t most_bytes = 0;  ///< of its files; while one is written, those that it replaces are there too
        Executor* executor = nullptr;  ///< divides the work of checking; outlives this
        std::function<void(const std::string&)> warn;  ///< told the first failure, which only means no copy
    };

    explicit ShardCopy(Settings settings) : settings_(std::move(settings)) {}

    /// What the folder has of these now, each checked. Removes a file that has a damaged shard.
    Shards find(std::span<const ShardHash> hashes);
    /// Makes the folder hold these, as many as fit, and nothing else: all shards of the newest state. Shards that are
    /// there stay where they are, unless half of their file or more is no longer wanted, or their file is smaller than
    /// what is new: so there are few files, and each shard is written a few times at most. Does nothing while another
    /// process saves, or when the files would take more than half of what is free on the disk.
    void save(const Shards& shards);

  private:
    enum class Check : std::uint8_t { unknown, good };
    struct Pack {
        std::shared_ptr<const ShardPack> file;  ///< shared with the shards that were found in it
        std::vector<Check> checks;              ///< of its entries
    };
    using Packs = std::map<std::filesystem::path, Pack>;  ///< by path
    struct Place {
        Packs::iterator pack;
        std::size_t entry = 0;
    };
    /// What a file holds of the shards that are wanted.
    struct Wanted {
        Packs::iterator pack;
        std::vector<ShardHash> hashes;
        std::uint64_t bytes = 0;
    };
    struct Plan {
        std::vector<ShardHash> written;              ///< to a new file
        std::vector<std::filesystem::path> removed;  ///< when that is there
    };

    void look();
    std::vector<bool> check(std::span<const Place> places) const;
    std::vector<Wanted> wanted(const Shards& shards);
    Plan make_plan(const Shards& shards);
    void cannot_save(const std::string& cause);
    void warn(const std::string& message);

    const Settings settings_;
    std::mutex mutex_;  ///< guards what follows; not held while a file is written
    Packs packs_;
    std::unordered_map<ShardHash, Place, HashOfShardHash> places_;  ///< one of each shard
    std::vector<std::filesystem::path> unusable_;                   ///< files of this folder
    std::atomic<bool> warned_ = false;
};

}  // namespace audio_ident::index
