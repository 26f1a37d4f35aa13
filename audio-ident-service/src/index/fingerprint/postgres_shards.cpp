#include "index/fingerprint/postgres_shards.hpp"

#include <array>
#include <system_error>
#include <utility>
#include <vector>

namespace audio_ident::index {

namespace {

using Row = lib::PostgresConnection::Row;

/// A process that runs for long writes what is new to the copy when it is one part in so many of the index. Until then
/// others read it from the database, which takes a tenth of a second for an index of a gigabyte.
constexpr std::uint64_t kPartsOfIndex = 16;

}  // namespace

PostgresShards::PostgresShards(std::size_t most_bytes, std::optional<ShardCopy::Settings> copy)
    : most_bytes_(most_bytes) {
    if (copy) copy_.emplace(std::move(*copy));
}

PostgresShards::~PostgresShards() {
    if (saver_.joinable()) saver_.join();
}

std::shared_ptr<const SnapshotState> PostgresShards::of(const State& state, lib::PostgresConnection& connection) {
    const std::lock_guard lock(mutex_);
    if (state == state_) {
        if (auto complete = complete_.lock()) return complete;
    }
    Shards shards;
    std::vector<ShardHash> missing;
    for (const auto& [key, hash] : state->hashes) {
        const auto kept = kept_.find(hash);
        if (kept != kept_.end()) shards.insert(*kept);
        else missing.push_back(hash);
    }
    if (copy_ && !missing.empty()) shards.merge(copy_->find(missing));
    read_missing(*state, shards, connection);
    const auto complete = assemble(*state, std::move(shards));
    keep(state, complete);
    if (state == state_ && worth_saving(state, complete->shards)) begin_to_save(state, complete);
    return complete;
}

std::shared_ptr<const PostgresShards::Complete> PostgresShards::assemble(const PostgresState& state, Shards shards) {
    auto complete = std::make_shared<Complete>();
    complete->shards = std::move(shards);
    complete->first_current = state.first_current;
    for (const auto& segment : state.segments) {
        SnapshotState::Segment copy{.number = segment.number, .record = segment.record};
        copy.shard_begins.assign(segment.shard_begins.begin(), segment.shard_begins.end() - 1);
        for (const Key first : copy.shard_begins) {
            const auto found = complete->shards.find(state.hash_of(segment.number, first));
            if (found == complete->shards.end()) throw Corrupt("a segment lost its postings");
            copy.shard_bytes.emplace_back(found->second.bytes);
        }
        complete->add(std::move(copy));
    }
    return complete;
}

void PostgresShards::read_missing(const PostgresState& state, Shards& shards, lib::PostgresConnection& connection) {
    std::vector<NumberKey> segments;
    std::vector<NumberKey> firsts;
    for (const auto& [key, hash] : state.hashes) {
        if (shards.contains(hash)) continue;
        segments.emplace_back(key.segment);
        firsts.emplace_back(key.first);
    }
    if (segments.empty()) return;
    const auto see = [&](Row row) {
        const Bytes bytes = row[1].value();
        const auto read = std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end());
        shards.insert_or_assign(ShardHash::read(row[0].value()), Shard{.bytes = *read, .owner = read});
    };
    if (shards.empty()) {
        connection.query("SELECT hash, value FROM fingerprint_postings", {}, see);
        return;
    }
    const auto array_of = [](const std::vector<NumberKey>& keys) {
        std::vector<Bytes> bytes;
        for (const NumberKey& key : keys) bytes.push_back(key.bytes());
        return lib::PostgresValue::bytea_array(bytes);
    };
    const std::array values = {array_of(segments), array_of(firsts)};
    connection.query(
        "SELECT t.hash, t.value FROM unnest($1, $2) AS k(a, b)"
        " JOIN fingerprint_postings t ON t.segment = k.a AND t.first_key = k.b",
        values, see);
}

void PostgresShards::keep(const State& state, const std::shared_ptr<const Complete>& complete) {
    if (state_ && state_->is_newer_than(*state)) return;
    state_ = state;
    complete_ = complete;
    whole_.reset();
    kept_.clear();
    bool whole = true;
    std::size_t in_memory = 0;
    std::size_t in_copy = 0;
    for (const auto& [hash, shard] : complete->shards) {
        if (shard.place == Shard::Place::memory) {
            if (in_memory + shard.bytes.size() > most_bytes_) {
                whole = false;
                continue;
            }
            in_memory += shard.bytes.size();
        } else {
            in_copy += shard.bytes.size();
        }
        kept_.emplace(hash, shard);
    }
    if (whole) whole_ = complete;
    kept_bytes_ = in_memory;
    copied_bytes_ = in_copy;
}

bool PostgresShards::worth_saving(const State& state, const Shards& shards) const {
    if (!copy_ || saves_ || state == saved_) return false;
    std::uint64_t all = 0;
    std::uint64_t in_memory = 0;
    for (const auto& [hash, shard] : shards) {
        all += shard.bytes.size();
        if (shard.place == Shard::Place::memory) in_memory += shard.bytes.size();
    }
    return in_memory > 0 && (!saved_ || in_memory >= all / kPartsOfIndex);
}

void PostgresShards::begin_to_save(const State& state, const std::shared_ptr<const Complete>& complete) {
    if (saver_.joinable()) saver_.join();  // It has ended.
    saved_ = state;
    saves_ = true;
    try {
        saver_ = std::thread([this, state, complete] {
            save(state, *complete);
            saves_ = false;
        });
    } catch (const std::system_error&) {
        saves_ = false;  // No thread now. The next state tries again.
    }
}

void PostgresShards::save(const State& state, const Complete& complete) {
    try {
        copy_->save(complete.shards);
        use_copy(state, complete);
    } catch (const std::exception&) {
        // Out of memory, most likely. The shards stay where they are.
    }
}

/// Replaces shards in memory by those in the copy.
void PostgresShards::use_copy(const State& state, const Complete& complete) {
    std::vector<ShardHash> in_memory;
    for (const auto& [hash, shard] : complete.shards) {
        if (shard.place == Shard::Place::memory) in_memory.push_back(hash);
    }
    Shards shards = copy_->find(in_memory);
    const std::lock_guard lock(mutex_);
    if (state_ != state) {
        for (const auto& [hash, shard] : shards) {
            const auto kept = kept_.find(hash);
            if (kept != kept_.end()) kept->second = shard;
        }
        return;
    }
    for (const auto& [hash, shard] : complete.shards) shards.try_emplace(hash, shard);
    keep(state, assemble(*state, std::move(shards)));
}

}  // namespace audio_ident::index
