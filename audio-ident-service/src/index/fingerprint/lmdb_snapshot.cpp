#include "index/fingerprint/lmdb_snapshot.hpp"

#include <filesystem>

#include "index/fingerprint/index_version.hpp"

namespace audio_ident::index {

namespace {

void load_shards(const lmdb::Transaction& transaction, const Tables& tables, SnapshotState::Segment& segment) {
    lmdb::Cursor cursor(transaction, tables.postings);
    for (auto entry = cursor.lower_bound(NumberKey(segment.number, 0).bytes());
         entry && NumberKey::read(entry->first, 0) == segment.number; entry = cursor.next()) {
        segment.shard_begins.push_back(NumberKey::read(entry->first, 4));
        segment.shard_bytes.push_back(entry->second);
    }
}

}  // namespace

std::shared_ptr<const LmdbState> LmdbState::load(const lmdb::Environment& environment,
                                                 const lmdb::Transaction& transaction, const Tables& tables) {
    auto state = std::make_shared<LmdbState>();
    state->transaction = transaction.id();
    const LmdbMaps maps(transaction, tables);
    if (const auto meta = read_meta(maps)) state->first_current = meta->first_current;
    maps.scan(Map::segments, {}, {}, [&](Bytes key, Bytes value) {
        Segment segment{.number = NumberKey::read(key, 0), .record = value_of<SegmentRecord>(value)};
        segment.contents = read_contents(maps, segment.number);
        load_shards(transaction, tables, segment);
        state->add(std::move(segment));
    });
    maps.scan(Map::tracks, {}, {}, [&](Bytes, Bytes value) { state->add(value_of<TrackRecord>(value)); });
    std::error_code ignored;
    const auto size = std::filesystem::file_size(environment.folder() / "data.mdb", ignored);
    state->stats.bytes = ignored ? 0 : size;
    return state;
}

LmdbSnapshot::LmdbSnapshot(const IndexEnvironment& environment, std::unique_ptr<lmdb::Transaction> transaction,
                           const Tables& tables, std::shared_ptr<const LmdbState> state)
    : StoredSnapshot(std::move(state)),
      environment_(environment),
      transaction_(std::move(transaction)),
      tables_(tables) {}

bool LmdbSnapshot::is_there(TrackNumber track) const {
    return tables_.numbers.get(*transaction_, NumberKey(track).bytes()).has_value();
}

std::optional<TrackId> LmdbSnapshot::id_of(TrackNumber track) const {
    const auto bytes = tables_.numbers.get(*transaction_, NumberKey(track).bytes());
    if (!bytes) return std::nullopt;
    return TrackId(value_of<TrackId::Bytes>(*bytes));
}

void LmdbSnapshot::read_peaks(TrackNumber track, std::uint32_t first, std::uint32_t end, const SeeBlock& see) const {
    lmdb::Cursor cursor(*transaction_, tables_.peaks);
    for (auto entry = cursor.lower_bound(NumberKey(track, first).bytes()); entry; entry = cursor.next()) {
        const std::uint32_t block = NumberKey::read(entry->first, 4);
        if (NumberKey::read(entry->first, 0) != track || block >= end) break;
        see(block, entry->second);
    }
}

Error LmdbSnapshot::failure() const {
    return guarded(kFingerprintIndexName, environment_.folder(), []() -> Result<void> { throw; }).error();
}

}  // namespace audio_ident::index
