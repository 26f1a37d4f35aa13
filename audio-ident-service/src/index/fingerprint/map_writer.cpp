#include "index/fingerprint/map_writer.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_set>

#include "index/fingerprint/check_fingerprint.hpp"
#include "index/fingerprint/index_version.hpp"
#include "index/fingerprint/segment_builder.hpp"
#include "index/fingerprint/segment_merge.hpp"

namespace audio_ident::index {

namespace {

/// The last fingerprint of each id in the call, in order. They fit into one segment.
Result<std::vector<const TrackFingerprint*>> to_write(std::span<const TrackFingerprint> tracks) {
    std::vector<const TrackFingerprint*> last;
    std::unordered_set<TrackId> seen;
    std::uint64_t frames = 0;
    for (auto track = tracks.rbegin(); track != tracks.rend(); ++track) {
        if (auto right = check_fingerprint(track->fingerprint); !right) return forward(right);
        if (!seen.insert(track->id).second) continue;
        last.push_back(&*track);
        frames += track->fingerprint.frames;
    }
    if (frames > kLongestTimeline) {
        return fail(ErrorKind::invalid_input, "fingerprint index: {} frames at once, at most {} can be added", frames,
                    kLongestTimeline);
    }
    std::reverse(last.begin(), last.end());
    return last;
}

/// Removes the tracks of these ids from all maps; their postings stay. Returns how many were there.
std::size_t erase(MapTransaction& maps, std::span<const TrackId> ids) {
    std::vector<Bytes> keys;
    for (const TrackId& id : ids) keys.push_back(bytes_of(id.bytes()));
    std::vector<std::optional<TrackRecord>> records(ids.size());
    maps.get_each(Map::tracks, keys,
                  [&](std::size_t which, Bytes value) { records[which] = value_of<TrackRecord>(value); });
    std::unordered_set<TrackNumber> erased;  // an id may be given twice
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (!records[i] || !erased.insert(records[i]->number).second) continue;
        const TrackNumber number = records[i]->number;
        maps.erase(Map::tracks, keys[i]);
        maps.erase(Map::numbers, NumberKey(number).bytes());
        maps.erase_range(Map::peaks, peaks_from(number).bytes(), peaks_to(number).bytes());
    }
    return erased.size();
}

}  // namespace

Result<void> MapFingerprintWriter::add(std::span<const TrackFingerprint> tracks, const Deadline& deadline) {
    return add_with(tracks, {}, deadline);
}

Result<void> MapFingerprintWriter::add_with(std::span<const TrackFingerprint> tracks, const Also& also,
                                            const Deadline& deadline) {
    const auto last = to_write(tracks);
    if (!last) return forward(last);
    if (last->empty()) return {};
    const auto turn = store_.take_turn(deadline);
    if (!turn) return forward(turn);
    auto added = write(**turn, deadline, [&](MapTransaction& maps, MetaRecord& meta) -> Result<Outcome> {
        std::vector<TrackId> ids;
        for (const TrackFingerprint* track : *last) ids.push_back(track->id);
        erase(maps, ids);
        write_segment(maps, meta, *last);
        if (!also) return Outcome::changed;
        const auto done = also(maps);
        return done ? Result<Outcome>(Outcome::changed) : done;
    });
    // The tracks are stored. A merge that fails now, on a full disk for example, is tried again after a later write.
    if (added) std::ignore = merge(**turn, MergeEffort::keep_up, deadline);
    return added;
}

Result<std::size_t> MapFingerprintWriter::remove(std::span<const TrackId> ids, const Deadline& deadline) {
    return remove_with(ids, {}, deadline);
}

Result<std::size_t> MapFingerprintWriter::remove_with(std::span<const TrackId> ids, const Also& also,
                                                      const Deadline& deadline) {
    const auto turn = store_.take_turn(deadline);
    if (!turn) return forward(turn);
    std::size_t removed = 0;
    auto done = write(**turn, deadline, [&](MapTransaction& maps, MetaRecord&) -> Result<Outcome> {
        removed = erase(maps, ids);
        auto others = also ? also(maps) : Outcome::unchanged;
        if (!others) return others;
        return removed == 0 ? *others : Outcome::changed;
    });
    if (!done) return forward(done);
    return removed;
}

Result<bool> MapFingerprintWriter::contains(const TrackId& id, const Deadline& deadline) {
    bool there = false;
    const auto read = store_.read(deadline, [&](const MapView& maps) -> Result<void> {
        there = maps.get(Map::tracks, bytes_of(id.bytes())).has_value();
        return {};
    });
    if (!read) return forward(read);
    return there;
}

Result<std::optional<fingerprint::Fingerprint>> MapFingerprintWriter::find(const TrackId& id,
                                                                           const Deadline& deadline) {
    std::optional<fingerprint::Fingerprint> found;
    const auto read = store_.read(deadline, [&](const MapView& maps) -> Result<void> {
        const auto bytes = maps.get(Map::tracks, bytes_of(id.bytes()));
        if (!bytes) return {};
        const auto record = value_of<TrackRecord>(*bytes);
        const auto meta = read_checked_meta(maps, store_.location());
        if (!meta) return forward(meta);
        found.emplace();
        if (record.number < meta->first_current) found->params_version = kOldestParamsVersion;
        found->frames = record.frames;
        maps.scan(Map::peaks, peaks_from(record.number).bytes(), peaks_to(record.number).bytes(),
                  [&](Bytes key, Bytes value) {
                      decode_peak_block(value, NumberKey::read(key, 4) * kPeakBlockFrames, found->peaks);
                  });
        return {};
    });
    if (!read) return forward(read);
    return found;
}

Result<std::vector<TrackId>> MapFingerprintWriter::tracks(const Deadline& deadline) {
    std::vector<TrackId> ids;
    const auto read = store_.read(deadline, [&](const MapView& maps) -> Result<void> {
        maps.scan(Map::tracks, {}, {}, [&](Bytes key, Bytes) { ids.emplace_back(value_of<TrackId::Bytes>(key)); });
        return {};
    });
    if (!read) return forward(read);
    return ids;
}

Result<std::vector<TrackId>> MapFingerprintWriter::outdated(const Deadline& deadline) {
    std::vector<TrackId> ids;
    const auto read = store_.read(deadline, [&](const MapView& maps) -> Result<void> {
        const auto meta = read_checked_meta(maps, store_.location());
        if (!meta) return forward(meta);
        maps.scan(Map::numbers, NumberKey(0).bytes(), NumberKey(meta->first_current).bytes(),
                  [&](Bytes, Bytes value) { ids.emplace_back(value_of<TrackId::Bytes>(value)); });
        return {};
    });
    if (!read) return forward(read);
    return ids;
}

Result<void> MapFingerprintWriter::compact(const Deadline& deadline) {
    const auto turn = store_.take_turn(deadline);
    if (!turn) return forward(turn);
    return merge(**turn, MergeEffort::tidy, deadline);
}

Result<void> MapFingerprintWriter::clear(const Deadline& deadline) {
    const auto turn = store_.take_turn(deadline);
    if (!turn) return forward(turn);
    return write(**turn, deadline, [](MapTransaction& maps, MetaRecord& meta) -> Result<Outcome> {
        for (const Map map : kEveryMap) {
            if (map != Map::meta) maps.clear(map);
        }
        meta.merge_target = MetaRecord::kNoMerge;
        return Outcome::changed;
    });
}

Result<void> MapFingerprintWriter::write(WritingTurn& turn, const Deadline& deadline, const Body& body) {
    return turn.write(deadline, [&](MapTransaction& maps) -> Result<Outcome> {
        auto meta = read_checked_meta(maps, store_.location());
        if (!meta) return forward(meta);
        auto outcome = body(maps, *meta);
        if (!outcome || *outcome == Outcome::unchanged) return outcome;
        ++meta->generation;
        meta->format_version = kFormatVersion;
        meta->params_version = fingerprint::Params::kVersion;
        write_meta(maps, *meta);
        return outcome;
    });
}

// Merges until the index is in order. An interrupted merge leaves an intact index, and the next call continues it.
Result<void> MapFingerprintWriter::merge(WritingTurn& turn, MergeEffort effort, const Deadline& deadline) {
    for (bool more = true; more;) {
        auto done = write(turn, deadline, [&](MapTransaction& maps, MetaRecord& meta) -> Result<Outcome> {
            if (meta.merge_target == MetaRecord::kNoMerge) {
                const auto sources = choose_merge(maps, effort);
                more = sources.has_value();
                if (!sources) return Outcome::unchanged;
                begin_merge(maps, meta, *sources);
            }
            step_merge(maps, meta, effort);
            return Outcome::changed;
        });
        if (!done) return done;
    }
    return {};
}

}  // namespace audio_ident::index
