#include "ingest/commit/committer.hpp"

#include <algorithm>
#include <utility>

#include "ingest/commit/track_row.hpp"
#include "lib/openssl/file_sha256.hpp"
#include "util/path_text.hpp"

namespace audio_ident::ingest {

namespace {

template <typename... Bodies>
struct Overloaded : Bodies... {
    using Bodies::operator()...;
};
template <typename... Bodies>
Overloaded(Bodies...) -> Overloaded<Bodies...>;  // clang before 17 does not find it by itself

std::string text_of(const FileEntry& file) {
    return util::path_to_text(file.path.native());
}

std::optional<std::filesystem::path> path_of(const catalog::Track& row) {
    auto bytes = util::path_from_text(row.file_path);
    if (!bytes) return std::nullopt;
    return std::filesystem::path(std::move(*bytes));
}

bool file_is_gone(const catalog::Track& row) {
    const auto path = path_of(row);
    if (!path) return true;
    const auto status = file_status(*path);
    return status && !*status;
}

}  // namespace

bool still_holds(const catalog::Track& row, const Deadline& deadline) {
    const auto path = path_of(row);
    if (!path) return false;
    const auto status = file_status(*path);
    if (!status) return true;
    if (!*status || (*status)->type != FileType::regular) return false;
    if ((*status)->size_bytes != row.file_size_bytes) return false;
    if ((*status)->modified_ns == row.file_modified_ns) return true;
    const auto hash = openssl::file_sha256(*path, deadline);
    return !hash || hash->sha256 == row.file_hash_sha256;
}

Committer::Committer(Parts parts, BatchSettings settings) : parts_(std::move(parts)), settings_(settings) {}

void Committer::failed(const std::string& file, const Error& error) {
    parts_.report.errors.push_back({file, error.message, error.kind, error.reason});
    parts_.observer.on_file({file, FileOutcome::failed, error.message});
}

void Committer::duplicate(const FileEntry& file, const catalog::Track& original) {
    ++parts_.report.duplicates;
    parts_.report.duplicate_files.push_back({text_of(file), original.file_path});
    parts_.note_duplicate(file, original.file_hash_sha256);
    parts_.observer.on_file({text_of(file), FileOutcome::duplicate, original.file_path});
}

Result<void> Committer::take(FileEntry file, Finding finding) {
    return std::visit(Overloaded{
                          [&](KnownContent& known) { return known_content(std::move(file), known.sha256); },
                          [&](NewContent& content) {
                              parts_.report.seconds_of_audio += content.analysis.decoded.duration_seconds;
                              return new_content(file, std::move(content));
                          },
                          [&](NotedDuplicate& noted) { return noted_duplicate(std::move(file), noted.sha256); },
                          [&](FileFailure& failure) {
                              failed(text_of(file), failure.error);
                              return Result<void>();
                          },
                          [&](StoreFailure& failure) { return Result<void>(Unexpected(failure.error)); },
                          [&](Abandoned&) {
                              parts_.report.interrupted = true;
                              return Result<void>();
                          },
                      },
                      finding);
}

Result<std::optional<catalog::Track>> Committer::row_by_hash(const std::string& sha256) {
    const bool in_batch = std::any_of(batch_.begin(), batch_.end(),
                                      [&](const Entry& entry) { return entry.row.file_hash_sha256 == sha256; });
    if (in_batch) {
        if (auto flushed = flush(); !flushed) return forward(flushed);
    }
    return parts_.stores.catalog.find_by_hash(sha256, parts_.stores.deadline());
}

Result<void> Committer::noted_duplicate(FileEntry file, const std::string& original_sha256) {
    const auto row = row_by_hash(original_sha256);
    if (!row) return forward(row);
    const auto at_path = parts_.stores.catalog.find_by_path(text_of(file), parts_.stores.deadline());
    if (!at_path) return forward(at_path);
    if (!*at_path && *row && (*row)->state == catalog::TrackState::ready &&
        still_holds(**row, parts_.stores.deadline())) {
        duplicate(file, **row);
        return {};
    }
    // The original went, or became other music.
    Finding finding = parts_.examine(file);
    return take(std::move(file), std::move(finding));
}

Result<void> Committer::known_content(FileEntry file, const std::string& sha256) {
    auto row = row_by_hash(sha256);
    if (!row) return forward(row);
    if (*row && (*row)->state == catalog::TrackState::ready) return same_content(file, std::move(**row));
    // An earlier file of this run took that track away; it cannot happen twice, for nobody else writes.
    Finding finding = parts_.examine(file);
    return take(std::move(file), std::move(finding));
}

Result<void> Committer::new_content(const FileEntry& file, NewContent content) {
    auto row = row_by_hash(content.sha256);
    if (!row) return forward(row);
    if (*row && (*row)->state == catalog::TrackState::ready) return same_content(file, std::move(**row));
    return add(file, std::move(content), *row);
}

Result<void> Committer::same_content(const FileEntry& file, catalog::Track row) {
    const std::string path = text_of(file);
    if (row.file_path != path && still_holds(row, parts_.stores.deadline())) {
        const auto at_path = parts_.stores.catalog.find_by_path(path, parts_.stores.deadline());
        if (!at_path) return forward(at_path);
        if (*at_path && (*at_path)->id != row.id) displaced((*at_path)->id);
        duplicate(file, row);
        return {};
    }
    const std::string former = std::exchange(row.file_path, path);
    row.file_size_bytes = file.status.size_bytes;
    row.file_modified_ns = file.status.modified_ns;
    const auto updated = parts_.stores.catalog.update(row, parts_.stores.deadline());
    if (!updated) return forward(updated);
    if (former == path) {
        ++parts_.report.unchanged;
    } else {
        ++parts_.report.moved;
        parts_.observer.on_file({path, FileOutcome::moved, former});
    }
    return {};
}

Result<std::optional<std::string>> Committer::chromaprint_of(const TrackId& id) {
    const auto found =
        std::find_if(batch_.begin(), batch_.end(), [&](const Entry& entry) { return entry.row.id == id; });
    if (found != batch_.end()) return found->row.chromaprint_fingerprint;
    const auto row = parts_.stores.catalog.find(id, parts_.stores.deadline());
    if (!row) return forward(row);
    // Music whose file is gone may come in again: the new file is what there is of it.
    if (!*row || file_is_gone(**row)) return std::optional<std::string>();
    return (*row)->chromaprint_fingerprint;
}

Result<std::optional<catalog::Track>> Committer::original_of(const TrackId& self, const Analysis& analysis) {
    if (!parts_.duplicates || !analysis.chromaprint) return std::optional<catalog::Track>();
    const auto id = parts_.duplicates->find(self, *analysis.chromaprint, analysis.decoded.duration_seconds,
                                            [this](const TrackId& other) { return chromaprint_of(other); });
    if (!id) return forward(id);
    if (!*id) return std::optional<catalog::Track>();
    for (const Entry& entry : batch_) {
        if (entry.row.id == **id) return std::optional(entry.row);
    }
    return parts_.stores.catalog.find(**id, parts_.stores.deadline());
}

Result<void> Committer::add(const FileEntry& file, NewContent content, const std::optional<catalog::Track>& half_done) {
    const std::string path = text_of(file);
    auto at_path = parts_.stores.catalog.find_by_path(path, parts_.stores.deadline());
    if (!at_path) return forward(at_path);
    const TrackId id = half_done ? half_done->id : *at_path ? (*at_path)->id : TrackId::random();
    const bool displaces = *at_path && (*at_path)->id != id;

    const auto original = original_of(id, content.analysis);
    if (!original) return forward(original);
    if (*original) {
        if (*at_path) displaced((*at_path)->id);
        if (half_done) displaced(half_done->id);
        duplicate(file, **original);
        return {};
    }
    if (displaces) displaced((*at_path)->id);

    if (parts_.duplicates && content.analysis.chromaprint) {
        const auto noted =
            parts_.duplicates->add(id, *content.analysis.chromaprint, content.analysis.decoded.duration_seconds);
        if (!noted) return forward(noted);
    }
    Entry entry;
    entry.row = make_track_row(id, file, content.sha256, content.analysis);
    entry.fingerprint = std::move(content.analysis.fingerprint);
    entry.waveform = std::move(content.analysis.waveform);
    entry.embedding = std::move(content.analysis.embedding);
    if (content.analysis.embedding_failure) {
        ++parts_.report.not_embedded;
        parts_.report.embedding_failure = *content.analysis.embedding_failure;
    }
    entry.fresh = !half_done && !*at_path;
    if (*at_path && (*at_path)->id == id && (*at_path)->state == catalog::TrackState::ready) {
        entry.before = std::move(**at_path);
    }
    if (batch_.empty()) batch_begin_ = std::chrono::steady_clock::now();
    batch_peaks_ += entry.fingerprint.peaks.size();
    batch_.push_back(std::move(entry));
    if (batch_.size() >= settings_.max_tracks || batch_peaks_ >= settings_.max_peaks) return flush();
    return {};
}

Result<void> Committer::flush_if_due() {
    if (batch_.empty() || std::chrono::steady_clock::now() - batch_begin_ < settings_.max_age) return {};
    return flush();
}

Result<void> Committer::flush() {
    Result<void> done;
    if (!batch_.empty()) {
        done = retire_replaced();
        if (done) done = write_pending();
        if (done && !batch_.empty()) done = write_index();
        if (done && !batch_.empty()) done = write_ready();
    }
    batch_.clear();
    batch_peaks_ = 0;
    return done;
}

Result<void> Committer::retire_replaced() {
    std::vector<catalog::Track> rows;
    std::vector<TrackId> ids;
    for (const Entry& entry : batch_) {
        if (!entry.before) continue;
        rows.push_back(*entry.before);
        rows.back().state = catalog::TrackState::pending;
        ids.push_back(entry.row.id);
    }
    if (rows.empty()) return {};
    if (auto put = parts_.stores.catalog.put(rows, parts_.stores.deadline()); !put) return put;
    const auto removed = parts_.stores.fingerprints.remove(ids, parts_.stores.deadline());
    if (!removed) return forward(removed);
    return {};
}

Result<void> Committer::put_rows(catalog::TrackState state) {
    std::vector<catalog::Track> rows;
    rows.reserve(batch_.size());
    for (Entry& entry : batch_) {
        entry.row.state = state;
        entry.row.fingerprint_indexed = state == catalog::TrackState::ready;
        set_embedding(entry.row, entry.row.fingerprint_indexed && entry.embedding ? &*entry.embedding : nullptr);
        rows.push_back(entry.row);
    }
    return parts_.stores.catalog.put(rows, parts_.stores.deadline());
}

Result<void> Committer::write_pending() {
    auto all = put_rows(catalog::TrackState::pending);
    if (all || all.error().kind != ErrorKind::invalid_input) return all;
    // The catalog refuses the values of one of them: that file has failed, the others have not.
    std::vector<Entry> written;
    for (Entry& entry : batch_) {
        auto one = parts_.stores.catalog.put({&entry.row, 1}, parts_.stores.deadline());
        if (one) written.push_back(std::move(entry));
        else if (one.error().kind == ErrorKind::invalid_input) failed(entry.row.file_path, one.error());
        else return one;
    }
    batch_ = std::move(written);
    return {};
}

Result<void> Committer::write_index() {
    std::vector<index::TrackFingerprint> tracks;
    tracks.reserve(batch_.size());
    std::vector<index::TrackVectors> vectors;
    for (Entry& entry : batch_) {
        tracks.push_back({entry.row.id, std::move(entry.fingerprint)});
        if (!entry.embedding) continue;
        vectors.push_back(std::move(entry.embedding->vectors));
        vectors.back().id = entry.row.id;
    }
    if (!parts_.stores.lanes) return parts_.stores.fingerprints.add(tracks, parts_.stores.deadline());
    const auto stored = parts_.stores.lanes->add(tracks, vectors, parts_.stores.deadline());
    if (!stored) return forward(stored);
    if (*stored == index::Stored::both) {
        parts_.report.embedded += static_cast<std::int64_t>(vectors.size());
        return {};
    }
    parts_.report.not_embedded += static_cast<std::int64_t>(vectors.size());
    parts_.report.embedding_failure = {ErrorKind::not_available, "the vector store did not take the vectors", {}};
    for (Entry& entry : batch_) entry.embedding.reset();
    return {};
}

void Committer::keep_waveforms() const {
    if (!parts_.stores.waveforms) return;
    for (const Entry& entry : batch_) {
        parts_.stores.waveforms->put(entry.row.file_hash_sha256, entry.waveform);
        if (entry.before) parts_.stores.waveforms->remove(entry.before->file_hash_sha256);
    }
}

Result<void> Committer::write_ready() {
    keep_waveforms();
    if (auto put = put_rows(catalog::TrackState::ready); !put) return put;
    for (const Entry& entry : batch_) {
        ++(entry.fresh ? parts_.report.ingested : parts_.report.updated);
        const FileOutcome outcome = entry.fresh ? FileOutcome::ingested : FileOutcome::updated;
        parts_.observer.on_file({entry.row.file_path, outcome, {}});
    }
    return {};
}

Result<void> Committer::remove_displaced() {
    std::vector<TrackId> gone;
    for (const TrackId& id : displaced_) {
        const auto row = parts_.stores.catalog.find(id, parts_.stores.deadline());
        if (!row) return forward(row);
        if (!*row || ((*row)->state == catalog::TrackState::ready && still_holds(**row, parts_.stores.deadline()))) {
            continue;
        }
        gone.push_back(id);
        parts_.report.notices.push_back("removed the track \"" + (*row)->title + "\": " + (*row)->file_path +
                                        " holds other music now, which another track has");
    }
    displaced_.clear();
    const auto removed = remove_tracks(parts_.stores, gone, parts_.lock);
    if (!removed) return forward(removed);
    return {};
}

}  // namespace audio_ident::ingest
