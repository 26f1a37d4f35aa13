#include "index/fingerprint/postgres_state.hpp"

#include <algorithm>
#include <map>

#include "index/fingerprint/index_version.hpp"

namespace audio_ident::index {

namespace {

using Row = lib::PostgresConnection::Row;

// What a row of the statement is; (kind, a, b, c).
enum class Kind : std::int64_t { state, segment, contents, track, shard, bytes };

// $1 and $2: what is known already. In a state that is known there is only the first row.
constexpr const char* kStatement = R"(
WITH now AS MATERIALIZED (
    SELECT turn.epoch, meta.value FROM fingerprint_turn turn LEFT JOIN fingerprint_meta meta ON meta.name = 'state'),
news AS MATERIALIZED (
    SELECT FROM now WHERE value IS NOT NULL AND (epoch <> $1 OR value <> $2))
SELECT 0::bigint, int8send(epoch), NULL::bytea, value FROM now
UNION ALL SELECT 1, segment, NULL, value FROM fingerprint_segments WHERE EXISTS (SELECT FROM news)
UNION ALL SELECT 2, segment, NULL, value FROM fingerprint_contents WHERE EXISTS (SELECT FROM news)
UNION ALL SELECT 3, id, NULL, value FROM fingerprint_tracks WHERE EXISTS (SELECT FROM news)
UNION ALL SELECT 4, segment, first_key, hash FROM fingerprint_postings WHERE EXISTS (SELECT FROM news)
UNION ALL SELECT 5, int8send(pg_total_relation_size('fingerprint_postings') + pg_total_relation_size('fingerprint_peaks')
    + pg_total_relation_size('fingerprint_contents') + pg_total_relation_size('fingerprint_segments')
    + pg_total_relation_size('fingerprint_tracks') + pg_total_relation_size('fingerprint_numbers')
    + pg_total_relation_size('fingerprint_meta')), NULL, NULL FROM news)";

struct Rows {
    std::int64_t epoch = 0;
    std::optional<std::vector<std::byte>> meta;
    std::map<SegmentNumber, SnapshotState::Segment> segments;
    std::vector<std::pair<TrackId, TrackRecord>> tracks;
    std::map<PostgresState::ShardKey, ShardHash> hashes;
    std::uint64_t bytes = 0;

    void add(Row row) {
        const auto kind = static_cast<Kind>(lib::read_bigint(row[0].value()));
        const Bytes key = row[1].value();
        const auto segment = [&]() -> SnapshotState::Segment& {
            const SegmentNumber number = NumberKey::read(key, 0);
            auto& found = segments[number];
            found.number = number;
            return found;
        };
        switch (kind) {
            case Kind::state:
                epoch = lib::read_bigint(key);
                if (row[3]) meta.emplace(row[3]->begin(), row[3]->end());
                break;
            case Kind::segment: segment().record = value_of<SegmentRecord>(row[3].value()); break;
            case Kind::contents: segment().contents = contents_of(row[3].value()); break;
            case Kind::track:
                tracks.emplace_back(value_of<TrackId::Bytes>(key), value_of<TrackRecord>(row[3].value()));
                break;
            case Kind::shard: {
                auto& of = segment();
                of.shard_begins.push_back(NumberKey::read(row[2].value(), 0));
                hashes.insert_or_assign({of.number, of.shard_begins.back()}, ShardHash::read(row[3].value()));
                break;
            }
            case Kind::bytes: bytes = static_cast<std::uint64_t>(lib::read_bigint(key)); break;
        }
    }
};

}  // namespace

Result<std::shared_ptr<const PostgresState>> PostgresState::load(lib::PostgresConnection& connection,
                                                                 const std::shared_ptr<const PostgresState>& known,
                                                                 const std::string& location) {
    const lib::PostgresValue values[] = {lib::PostgresValue::bigint(known ? known->epoch : -1),
                                         lib::PostgresValue::bytea(known ? Bytes(known->meta) : Bytes())};
    Rows rows;
    connection.query_planned(kStatement, values, [&](Row row) { rows.add(row); });
    if (!rows.meta) return std::shared_ptr<const PostgresState>();
    if (known && known->epoch == rows.epoch && known->meta == *rows.meta) return known;
    const MetaRecord meta = meta_of(*rows.meta);
    if (auto right = check_version(meta, location); !right) return forward(right);

    auto state = std::make_shared<PostgresState>();
    state->epoch = rows.epoch;
    state->generation = meta.generation;
    state->meta = std::move(*rows.meta);
    state->first_current = meta.first_current;
    for (auto& [number, segment] : rows.segments) {
        std::sort(segment.shard_begins.begin(), segment.shard_begins.end());
        state->add(std::move(segment));
    }
    for (const auto& [id, record] : rows.tracks) {
        state->add(record);
        state->ids.emplace_back(record.number, id);
    }
    std::sort(state->ids.begin(), state->ids.end());
    state->hashes = std::move(rows.hashes);
    state->stats.bytes = rows.bytes;
    return state;
}

}  // namespace audio_ident::index
