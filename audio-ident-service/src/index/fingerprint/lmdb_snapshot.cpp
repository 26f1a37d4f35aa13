#include "index/fingerprint/lmdb_snapshot.hpp"

#include <algorithm>
#include <filesystem>

#include "index/fingerprint/index_version.hpp"
#include "index/store/corrupt.hpp"

namespace audio_ident::index {

namespace {

void load_shards(const lmdb::Transaction& transaction, const Tables& tables, SnapshotState::Segment& segment) {
    lmdb::Cursor cursor(transaction, tables.postings);
    for (auto entry = cursor.lower_bound(NumberKey(segment.number, 0).bytes());
         entry && NumberKey::read(entry->first, 0) == segment.number; entry = cursor.next()) {
        segment.shard_begins.push_back(NumberKey::read(entry->first, 4));
        segment.shard_bytes.push_back(entry->second);
    }
    // While a merge is under way, its target holds the keys up to key_end, and its sources hold those from key_begin
    // on.
    const bool target = segment.record.key_end < fingerprint::kKeys;
    segment.shard_begins.push_back(target ? segment.record.key_end : fingerprint::kKeys);
    if (segment.shard_bytes.empty() || segment.shard_begins.front() > segment.record.key_begin) {
        throw Corrupt("a segment lost its postings");
    }
    segment.shards.resize(segment.shard_bytes.size());
    segment.opened = std::make_unique<std::atomic<bool>[]>(segment.shard_bytes.size());
}

}  // namespace

std::shared_ptr<const SnapshotState> SnapshotState::load(const lmdb::Environment& environment,
                                                         const lmdb::Transaction& transaction, const Tables& tables) {
    auto state = std::make_shared<SnapshotState>();
    state->transaction = transaction.id();
    const LmdbMaps maps(transaction, tables);
    lmdb::Cursor segments(transaction, tables.segments);
    for (auto entry = segments.first(); entry; entry = segments.next()) {
        const SegmentNumber number = NumberKey::read(entry->first, 0);
        const auto record = value_of<SegmentRecord>(entry->second);
        if (record.key_begin >= record.key_end) continue;
        Segment segment{number, record, read_contents(maps, number), {}, {}};
        load_shards(transaction, tables, segment);
        state->segments.push_back(std::move(segment));
        state->infos.push_back({record.frames, record.postings});
        state->stats.postings += record.postings;
    }
    state->stats.segments = state->segments.size();
    if (const auto meta = read_meta(maps)) state->first_current = meta->first_current;
    lmdb::Cursor tracks(transaction, tables.tracks);
    for (auto entry = tracks.first(); entry; entry = tracks.next()) {
        const auto record = value_of<TrackRecord>(entry->second);
        ++state->stats.tracks;
        if (record.number < state->first_current) ++state->stats.outdated;
        state->stats.frames += record.frames;
    }
    std::error_code ignored;
    const auto size = std::filesystem::file_size(environment.folder() / "data.mdb", ignored);
    state->stats.bytes = ignored ? 0 : size;
    return state;
}

const PostingShard& SnapshotState::shard(std::size_t segment, std::size_t number) const {
    const Segment& of = segments[segment];
    if (!of.opened[number].load(std::memory_order_acquire)) {
        const PostingShard view(of.shard_bytes[number], of.shard_begins[number], of.shard_begins[number + 1],
                                of.record.frames);
        const std::lock_guard lock(opening_);
        if (!of.opened[number].load(std::memory_order_relaxed)) {
            of.shards[number] = view;
            of.opened[number].store(true, std::memory_order_release);
        }
    }
    return of.shards[number];
}

LmdbSnapshot::LmdbSnapshot(const IndexEnvironment& environment, std::unique_ptr<lmdb::Transaction> transaction,
                           const Tables& tables, std::shared_ptr<const SnapshotState> state)
    : environment_(environment), transaction_(std::move(transaction)), tables_(tables), state_(std::move(state)) {}

template <typename Body>
void LmdbSnapshot::attempt(Body&& body) const {
    try {
        body();
    } catch (...) {
        keep_failure();
    }
}

void LmdbSnapshot::keep_failure() const {
    const auto failed = guarded(kFingerprintIndexName, environment_.folder(), []() -> Result<void> { throw; });
    const std::lock_guard lock(failing_);
    if (status_) status_ = failed;
}

Result<void> LmdbSnapshot::status() const {
    const std::lock_guard lock(failing_);
    return status_;
}

void LmdbSnapshot::find(std::size_t segment, std::span<const Lookup> lookups, std::int32_t bias,
                        std::vector<std::uint32_t>& offsets) const {
    const SegmentRecord& record = state_->segments[segment].record;
    const std::vector<Key>& begins = state_->segments[segment].shard_begins;
    std::size_t at = 0;
    attempt([&] {
        for (const Lookup& lookup : lookups) {
            const Key last = std::min(lookup.last, record.key_end - 1);
            const auto shift = static_cast<std::uint32_t>(bias - lookup.frame);
            Key key = std::max(lookup.first, record.key_begin);
            if (key > last) continue;
            while (begins[at + 1] <= key) ++at;
            for (std::size_t i = at; key <= last; ++i) {
                const PostingShard& view = state_->shard(segment, i);
                const Key shard_last = std::min(last, view.key_end() - 1);
                view.for_each_position(key, shard_last,
                                       [&](std::uint32_t position) { offsets.push_back(position + shift); });
                key = shard_last + 1;
            }
        }
    });
}

std::uint64_t LmdbSnapshot::count_bound(std::size_t segment, const Lookup& lookup) const {
    const auto& info = state_->segments[segment];
    const Key last = std::min(lookup.last, info.record.key_end - 1);
    Key key = std::max(lookup.first, info.record.key_begin);
    if (key > last) return 0;
    const auto after = std::upper_bound(info.shard_begins.begin(), info.shard_begins.end(), key);
    std::uint64_t total = 0;
    attempt([&] {
        for (auto i = static_cast<std::size_t>(after - info.shard_begins.begin()) - 1; key <= last; ++i) {
            const PostingShard& view = state_->shard(segment, i);
            const Key shard_last = std::min(last, view.key_end() - 1);
            total += view.count_bound(key, shard_last);
            key = shard_last + 1;
        }
    });
    return total;
}

std::optional<Location> LmdbSnapshot::locate(std::size_t segment, std::uint32_t position) const {
    const auto& info = state_->segments[segment];
    if (position >= info.record.frames) return std::nullopt;
    const auto after = std::upper_bound(info.contents.begin(), info.contents.end(), position,
                                        [](std::uint32_t at, const ContentsEntry& entry) { return at < entry.begin; });
    if (after == info.contents.begin()) return std::nullopt;
    const ContentsEntry& entry = *std::prev(after);
    bool there = false;
    attempt([&] { there = tables_.numbers.get(*transaction_, NumberKey(entry.track).bytes()).has_value(); });
    if (!there) return std::nullopt;
    const std::uint32_t end = after == info.contents.end() ? info.record.frames : after->begin;
    return Location{entry.track, entry.begin, end - entry.begin, entry.track < state_->first_current};
}

TrackId LmdbSnapshot::track_id(std::uint32_t track) const {
    TrackId id;
    attempt([&] {
        const auto bytes = tables_.numbers.get(*transaction_, NumberKey(track).bytes());
        if (!bytes) throw Corrupt("a track of the index has no id");
        id = TrackId(value_of<TrackId::Bytes>(*bytes));
    });
    return id;
}

void LmdbSnapshot::peaks(std::uint32_t track, std::uint32_t first, std::uint32_t end,
                         std::vector<fingerprint::Peak>& peaks) const {
    if (first >= end) return;
    const std::size_t before = peaks.size();
    attempt([&] {
        lmdb::Cursor cursor(*transaction_, tables_.peaks);
        const NumberKey from(track, first / kPeakBlockFrames);
        for (auto entry = cursor.lower_bound(from.bytes()); entry; entry = cursor.next()) {
            const std::uint32_t block_first = NumberKey::read(entry->first, 4) * kPeakBlockFrames;
            if (NumberKey::read(entry->first, 0) != track || block_first >= end) break;
            decode_peak_block(entry->second, block_first, peaks);
        }
    });
    const auto outside = [&](const fingerprint::Peak& peak) { return peak.frame < first || peak.frame >= end; };
    peaks.erase(std::remove_if(peaks.begin() + static_cast<std::ptrdiff_t>(before), peaks.end(), outside), peaks.end());
}

}  // namespace audio_ident::index
