#include "index/fingerprint/postgres_shards.hpp"

#include <array>

namespace audio_ident::index {

namespace {

using Row = lib::PostgresConnection::Row;

/// Calls `visit(segment, first key)` for all shards of a state.
template <typename Visit>
void for_each_shard(const SnapshotState& state, Visit&& visit) {
    for (const auto& segment : state.segments) {
        for (std::size_t i = 0; i + 1 < segment.shard_begins.size(); ++i)
            visit(segment.number, segment.shard_begins[i]);
    }
}

}  // namespace

std::shared_ptr<const SnapshotState> PostgresShards::of(const std::shared_ptr<const PostgresState>& state,
                                                        lib::PostgresConnection& connection) {
    const std::lock_guard lock(mutex_);
    if (state == state_) {
        if (auto complete = complete_.lock()) return complete;
    }
    auto complete = std::make_shared<Complete>();
    // The keys of an index that was made anew stand for other shards.
    if (state_ && state_->epoch == state->epoch) {
        for_each_shard(*state, [&](SegmentNumber segment, Key first) {
            const auto kept = kept_.find(key_of(segment, first));
            if (kept != kept_.end()) complete->blocks.insert(*kept);
        });
    }
    read_missing(*state, complete->blocks, connection);
    complete->first_current = state->first_current;
    for (const auto& segment : state->segments) {
        SnapshotState::Segment copy{.number = segment.number, .record = segment.record};
        copy.shard_begins.assign(segment.shard_begins.begin(), segment.shard_begins.end() - 1);
        for (const Key first : copy.shard_begins) {
            const auto found = complete->blocks.find(key_of(segment.number, first));
            if (found == complete->blocks.end()) throw Corrupt("a segment lost its postings");
            copy.shard_bytes.emplace_back(*found->second);
        }
        complete->add(std::move(copy));
    }
    keep(state, complete);
    return complete;
}

void PostgresShards::read_missing(const PostgresState& state, Blocks& blocks,
                                  lib::PostgresConnection& connection) const {
    std::vector<NumberKey> segments;
    std::vector<NumberKey> firsts;
    for_each_shard(state, [&](SegmentNumber segment, Key first) {
        if (blocks.contains(key_of(segment, first))) return;
        segments.emplace_back(segment);
        firsts.emplace_back(first);
    });
    if (segments.empty()) return;
    const auto see = [&](Row row) {
        const Bytes bytes = row[2].value();
        blocks.insert_or_assign(key_of(NumberKey::read(row[0].value(), 0), NumberKey::read(row[1].value(), 0)),
                                std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end()));
    };
    if (blocks.empty()) {
        connection.query("SELECT segment, first_key, value FROM fingerprint_postings", {}, see);
        return;
    }
    const auto array_of = [](const std::vector<NumberKey>& keys) {
        std::vector<Bytes> bytes;
        for (const NumberKey& key : keys) bytes.push_back(key.bytes());
        return lib::PostgresValue::bytea_array(bytes);
    };
    const std::array values = {array_of(segments), array_of(firsts)};
    connection.query(
        "SELECT t.segment, t.first_key, t.value FROM unnest($1, $2) AS k(a, b)"
        " JOIN fingerprint_postings t ON t.segment = k.a AND t.first_key = k.b",
        values, see);
}

void PostgresShards::keep(const std::shared_ptr<const PostgresState>& state,
                          const std::shared_ptr<const Complete>& complete) {
    if (state_ && state_->is_newer_than(*state)) return;
    state_ = state;
    complete_ = complete;
    whole_.reset();
    kept_.clear();
    kept_bytes_ = 0;
    for (const auto& [key, block] : complete->blocks) {
        if (kept_bytes_ + block->size() > most_bytes_) return;
        kept_bytes_ += block->size();
        kept_.emplace(key, block);
    }
    whole_ = complete;
}

}  // namespace audio_ident::index
