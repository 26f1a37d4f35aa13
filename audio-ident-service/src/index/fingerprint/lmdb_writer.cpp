#include "index/fingerprint/lmdb_writer.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_set>

#include "index/fingerprint/check_fingerprint.hpp"
#include "index/fingerprint/index_version.hpp"
#include "index/fingerprint/segment_builder.hpp"

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

}  // namespace

Result<void> LmdbFingerprintWriter::add(std::span<const TrackFingerprint> tracks, const Deadline& deadline) {
    return add_with(tracks, {}, deadline);
}

Result<void> LmdbFingerprintWriter::add_with(std::span<const TrackFingerprint> tracks, const Also& also,
                                             const Deadline& deadline) {
    auto added = write(deadline, [&](const lmdb::Transaction& transaction, MetaRecord& meta) -> Result<Outcome> {
        const auto last = to_write(tracks);
        if (!last) return forward(last);
        if (last->empty()) return Outcome::unchanged;
        for (const TrackFingerprint* track : *last) erase(transaction, track->id);
        write_segment(transaction, tables_, meta, *last);
        if (!also) return Outcome::changed;
        const auto done = also(transaction);
        return done ? Result<Outcome>(Outcome::changed) : done;
    });
    // The tracks are stored. A merge that fails now, on a full disk for example, is tried again after a later write.
    if (added) std::ignore = merge(MergeEffort::keep_up, deadline);
    return added;
}

Result<std::size_t> LmdbFingerprintWriter::remove(std::span<const TrackId> ids, const Deadline& deadline) {
    return remove_with(ids, {}, deadline);
}

Result<std::size_t> LmdbFingerprintWriter::remove_with(std::span<const TrackId> ids, const Also& also,
                                                       const Deadline& deadline) {
    std::size_t removed = 0;
    auto done = write(deadline, [&](const lmdb::Transaction& transaction, MetaRecord&) -> Result<Outcome> {
        for (const TrackId& id : ids) removed += erase(transaction, id) ? 1 : 0;
        auto others = also ? also(transaction) : Outcome::unchanged;
        if (!others) return others;
        return removed == 0 ? *others : Outcome::changed;
    });
    if (!done) return forward(done);
    return removed;
}

Result<bool> LmdbFingerprintWriter::contains(const TrackId& id, const Deadline& deadline) {
    return environment_.read(kFingerprintIndexName, deadline,
                             [&](const lmdb::Transaction& transaction) -> Result<bool> {
                                 return tables_.tracks.get(transaction, bytes_of(id.bytes())).has_value();
                             });
}

Result<std::optional<fingerprint::Fingerprint>> LmdbFingerprintWriter::find(const TrackId& id,
                                                                            const Deadline& deadline) {
    using Found = std::optional<fingerprint::Fingerprint>;
    return environment_.read(
        kFingerprintIndexName, deadline, [&](const lmdb::Transaction& transaction) -> Result<Found> {
            const auto bytes = tables_.tracks.get(transaction, bytes_of(id.bytes()));
            if (!bytes) return Found();
            const auto meta = read_checked_meta(transaction, tables_, environment_.folder());
            if (!meta) return forward(meta);
            const auto record = value_of<TrackRecord>(*bytes);
            fingerprint::Fingerprint found;
            if (record.number < meta->first_current) found.params_version = kOldestParamsVersion;
            found.frames = record.frames;
            lmdb::Cursor cursor(transaction, tables_.peaks);
            for (auto entry = cursor.lower_bound(NumberKey(record.number, 0).bytes()); entry; entry = cursor.next()) {
                if (NumberKey::read(entry->first, 0) != record.number) break;
                decode_peak_block(entry->second, NumberKey::read(entry->first, 4) * kPeakBlockFrames, found.peaks);
            }
            return found;
        });
}

Result<std::vector<TrackId>> LmdbFingerprintWriter::tracks(const Deadline& deadline) {
    return environment_.read(kFingerprintIndexName, deadline,
                             [&](const lmdb::Transaction& transaction) -> Result<std::vector<TrackId>> {
                                 std::vector<TrackId> ids;
                                 lmdb::Cursor cursor(transaction, tables_.tracks);
                                 for (auto entry = cursor.first(); entry; entry = cursor.next()) {
                                     ids.emplace_back(value_of<TrackId::Bytes>(entry->first));
                                 }
                                 return ids;
                             });
}

Result<std::vector<TrackId>> LmdbFingerprintWriter::outdated(const Deadline& deadline) {
    return environment_.read(kFingerprintIndexName, deadline,
                             [&](const lmdb::Transaction& transaction) -> Result<std::vector<TrackId>> {
                                 const auto meta = read_checked_meta(transaction, tables_, environment_.folder());
                                 if (!meta) return forward(meta);
                                 std::vector<TrackId> ids;
                                 lmdb::Cursor cursor(transaction, tables_.numbers);
                                 for (auto entry = cursor.first(); entry; entry = cursor.next()) {
                                     if (NumberKey::read(entry->first, 0) >= meta->first_current) break;
                                     ids.emplace_back(value_of<TrackId::Bytes>(entry->second));
                                 }
                                 return ids;
                             });
}

Result<void> LmdbFingerprintWriter::compact(const Deadline& deadline) {
    return merge(MergeEffort::tidy, deadline);
}

Result<void> LmdbFingerprintWriter::clear(const Deadline& deadline) {
    return write(deadline, [&](const lmdb::Transaction& transaction, MetaRecord& meta) -> Result<Outcome> {
        for (const auto* table : {&tables_.tracks, &tables_.numbers, &tables_.segments, &tables_.contents,
                                  &tables_.peaks, &tables_.postings}) {
            table->clear(transaction);
        }
        meta.merge_target = MetaRecord::kNoMerge;
        return Outcome::changed;
    });
}

Result<void> LmdbFingerprintWriter::write(const Deadline& deadline, const Body& body) {
    return environment_.write(kFingerprintIndexName, deadline,
                              [&](const lmdb::Transaction& transaction) -> Result<Outcome> {
                                  auto meta = read_checked_meta(transaction, tables_, environment_.folder());
                                  if (!meta) return forward(meta);
                                  auto outcome = body(transaction, *meta);
                                  if (!outcome || *outcome == Outcome::unchanged) return outcome;
                                  ++meta->generation;
                                  meta->format_version = kFormatVersion;
                                  meta->params_version = fingerprint::Params::kVersion;
                                  tables_.write_meta(transaction, *meta);
                                  return outcome;
                              });
}

bool LmdbFingerprintWriter::erase(const lmdb::Transaction& transaction, const TrackId& id) {
    const auto bytes = tables_.tracks.get(transaction, bytes_of(id.bytes()));
    if (!bytes) return false;
    const auto record = value_of<TrackRecord>(*bytes);
    tables_.tracks.erase(transaction, bytes_of(id.bytes()));
    tables_.numbers.erase(transaction, NumberKey(record.number).bytes());
    lmdb::Cursor cursor(transaction, tables_.peaks);
    auto entry = cursor.lower_bound(NumberKey(record.number, 0).bytes());
    while (entry && NumberKey::read(entry->first, 0) == record.number) {
        cursor.erase();
        entry = cursor.lower_bound(NumberKey(record.number, 0).bytes());
    }
    return true;
}

// Merges until the index is in order. An interrupted merge leaves an intact index, and the next call continues it.
Result<void> LmdbFingerprintWriter::merge(MergeEffort effort, const Deadline& deadline) {
    for (bool more = true; more;) {
        auto done = write(deadline, [&](const lmdb::Transaction& transaction, MetaRecord& meta) -> Result<Outcome> {
            if (meta.merge_target == MetaRecord::kNoMerge) {
                const auto sources = choose_merge(transaction, tables_, effort);
                more = sources.has_value();
                if (!sources) return Outcome::unchanged;
                begin_merge(transaction, tables_, meta, *sources);
            }
            step_merge(transaction, tables_, meta, effort);
            return Outcome::changed;
        });
        if (!done) return done;
    }
    return {};
}

}  // namespace audio_ident::index
