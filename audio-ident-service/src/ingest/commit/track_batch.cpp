#include "ingest/commit/track_batch.hpp"

#include <algorithm>
#include <utility>

namespace audio_ident::ingest {

void TrackBatch::add(BatchEntry entry) {
    if (entries_.empty()) begin_ = std::chrono::steady_clock::now();
    peaks_ += entry.fingerprint.peaks.size();
    entries_.push_back(std::move(entry));
}

bool TrackBatch::due() const {
    return !entries_.empty() && std::chrono::steady_clock::now() - begin_ >= settings_.max_age;
}

const BatchEntry* TrackBatch::find(const TrackId& id) const {
    const auto found = std::ranges::find(entries_, id, [](const BatchEntry& entry) { return entry.row.id; });
    return found == entries_.end() ? nullptr : &*found;
}

bool TrackBatch::holds_content(const std::string& sha256) const {
    return std::ranges::any_of(entries_, [&](const BatchEntry& entry) { return entry.row.file_hash_sha256 == sha256; });
}

Result<void> TrackBatch::store() {
    Result<void> done;
    if (!entries_.empty()) done = retire_replaced();
    if (done && !entries_.empty()) done = write_pending();
    if (done && !entries_.empty()) done = write_index();
    if (done && !entries_.empty()) done = write_ready();
    entries_.clear();
    peaks_ = 0;
    return done;
}

Result<void> TrackBatch::retire_replaced() {
    std::vector<catalog::Track> rows;
    std::vector<TrackId> ids;
    for (const BatchEntry& entry : entries_) {
        if (!entry.before) continue;
        rows.push_back(*entry.before);
        rows.back().state = catalog::TrackState::pending;
        ids.push_back(entry.row.id);
    }
    if (rows.empty()) return {};
    if (auto put = stores_.catalog.put(rows, stores_.deadline()); !put) return put;
    const auto removed = stores_.fingerprints.remove(ids, stores_.deadline());
    if (!removed) return forward(removed);
    return {};
}

Result<void> TrackBatch::put_rows(catalog::TrackState state) {
    std::vector<catalog::Track> rows;
    rows.reserve(entries_.size());
    for (BatchEntry& entry : entries_) {
        entry.row.state = state;
        entry.row.fingerprint_indexed = state == catalog::TrackState::ready;
        // In pending rows too: after a crash, the index alone tells that they are complete, and it has no tags.
        set_embedding(entry.row, entry.embedding ? &*entry.embedding : nullptr);
        rows.push_back(entry.row);
    }
    return stores_.catalog.put(rows, stores_.deadline());
}

Result<void> TrackBatch::write_pending() {
    auto all = put_rows(catalog::TrackState::pending);
    if (all || all.error().kind != ErrorKind::invalid_input) return all;
    // The catalog refuses the values of one entry: only that file has failed.
    std::vector<BatchEntry> written;
    for (BatchEntry& entry : entries_) {
        auto one = stores_.catalog.put({&entry.row, 1}, stores_.deadline());
        if (one) written.push_back(std::move(entry));
        else if (one.error().kind == ErrorKind::invalid_input) log_.failed(entry.row.file_path, one.error());
        else return one;
    }
    entries_ = std::move(written);
    return {};
}

Result<void> TrackBatch::write_index() {
    std::vector<index::TrackFingerprint> tracks;
    tracks.reserve(entries_.size());
    std::vector<index::TrackVectors> vectors;
    for (BatchEntry& entry : entries_) {
        tracks.push_back({entry.row.id, std::move(entry.fingerprint)});
        if (!entry.embedding) continue;
        vectors.push_back(std::move(entry.embedding->vectors));
        vectors.back().id = entry.row.id;
    }
    if (!stores_.lanes) return stores_.fingerprints.add(tracks, stores_.deadline());
    const auto stored = stores_.lanes->add(tracks, vectors, stores_.deadline());
    if (!stored) return forward(stored);
    if (*stored == index::Stored::both) {
        log_.embedded(vectors.size());
        return {};
    }
    log_.not_embedded(vectors.size(), {ErrorKind::not_available, "the vector store did not take the vectors", {}});
    for (BatchEntry& entry : entries_) entry.embedding.reset();
    return {};
}

void TrackBatch::keep_waveforms() const {
    if (!stores_.waveforms) return;
    std::vector<WaveformStore::Entry> waveforms;
    for (const BatchEntry& entry : entries_) waveforms.push_back({entry.row.file_hash_sha256, entry.waveform});
    stores_.waveforms->put(waveforms);
    for (const BatchEntry& entry : entries_) {
        const bool replaced = entry.before && entry.before->file_hash_sha256 != entry.row.file_hash_sha256;
        if (replaced) stores_.waveforms->remove(entry.before->file_hash_sha256);
    }
}

Result<void> TrackBatch::write_ready() {
    keep_waveforms();
    if (auto put = put_rows(catalog::TrackState::ready); !put) return put;
    for (const BatchEntry& entry : entries_) {
        if (entry.fresh) log_.ingested(entry.row);
        else log_.updated(entry.row);
    }
    return {};
}

}  // namespace audio_ident::ingest
