#include "ingest/commit/committer.hpp"

#include <utility>
#include <variant>
#include <vector>

#include "ingest/commit/row_file.hpp"
#include "ingest/commit/track_row.hpp"
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

bool is_ready(const std::optional<catalog::Track>& row) {
    return row && row->state == catalog::TrackState::ready;
}

}  // namespace

Committer::Committer(Parts parts, BatchSettings settings)
    : parts_(std::move(parts)),
      batch_(parts_.stores, settings, parts_.log),
      originals_(parts_.stores, parts_.duplicates, parts_.compare, parts_.examiner, batch_) {}

Result<void> Committer::take(FileEntry file, Finding finding) {
    return std::visit(Overloaded{
                          [&](KnownContent& known) { return known_content(std::move(file), known.sha256); },
                          [&](NewContent& content) {
                              parts_.log.decoded(content.analysis.decoded.duration_seconds);
                              return new_content(file, std::move(content));
                          },
                          [&](NotedDuplicate& noted) { return noted_duplicate(std::move(file), noted.sha256); },
                          [&](FileFailure& failure) {
                              parts_.log.failed(text_of(file), failure.error);
                              return Result<void>();
                          },
                          [&](StoreFailure& failure) { return Result<void>(Unexpected(failure.error)); },
                          [&](Abandoned&) {
                              parts_.log.abandoned();
                              return Result<void>();
                          },
                      },
                      finding);
}

Result<void> Committer::flush() {
    if (auto held = parts_.lock.check(parts_.stores.deadline()); !held) return held;
    return batch_.store();
}

Result<Committer::Row> Committer::row_by_hash(const std::string& sha256) {
    if (batch_.holds_content(sha256)) {
        if (auto flushed = flush(); !flushed) return forward(flushed);
    }
    return parts_.stores.catalog.find_by_hash(sha256, parts_.stores.deadline());
}

Result<Committer::Row> Committer::row_at(const FileEntry& file) {
    return parts_.stores.catalog.find_by_path(text_of(file), parts_.stores.deadline());
}

Result<void> Committer::examine_again(FileEntry file) {
    Finding finding = parts_.examiner.examine(file);
    return take(std::move(file), std::move(finding));
}

Result<void> Committer::noted_duplicate(FileEntry file, const std::string& original_sha256) {
    const auto row = row_by_hash(original_sha256);
    if (!row) return forward(row);
    const auto at_path = row_at(file);
    if (!at_path) return forward(at_path);
    if (!*at_path && is_ready(*row) && still_holds(**row, parts_.stores.audio, parts_.stores.deadline())) {
        parts_.log.duplicate(file, **row);
        return {};
    }
    return examine_again(std::move(file));  // the original is gone, or has other music now
}

Result<void> Committer::known_content(FileEntry file, const std::string& sha256) {
    auto row = row_by_hash(sha256);
    if (!row) return forward(row);
    if (is_ready(*row)) return same_content(file, std::move(**row));
    // An earlier file of this run has removed that track. This cannot happen twice, because nobody else writes.
    return examine_again(std::move(file));
}

Result<void> Committer::new_content(const FileEntry& file, NewContent content) {
    auto row = row_by_hash(content.sha256);
    if (!row) return forward(row);
    const bool other_stream = is_ready(*row) && (*row)->file_path == text_of(file) &&
                              (*row)->audio_stream != content.analysis.decoded.info.chosen_stream;
    if (is_ready(*row) && !other_stream) return same_content(file, std::move(**row));
    return add(file, std::move(content), *row);
}

Result<void> Committer::same_content(const FileEntry& file, catalog::Track row) {
    const std::string path = text_of(file);
    if (row.file_path != path && still_holds(row, parts_.stores.audio, parts_.stores.deadline())) {
        const auto at_path = row_at(file);
        if (!at_path) return forward(at_path);
        if (*at_path && (*at_path)->id != row.id) displaced((*at_path)->id);
        parts_.log.duplicate(file, row);
        return {};
    }
    const std::string former = std::exchange(row.file_path, path);
    row.file_size_bytes = file.status.size_bytes;
    row.file_modified_ns = file.status.modified_ns;
    const auto updated = parts_.stores.catalog.update(row, parts_.stores.deadline());
    if (!updated) return forward(updated);
    if (former == path) parts_.log.unchanged();
    else parts_.log.moved(path, former);
    return {};
}

Result<void> Committer::add(const FileEntry& file, NewContent content, const Row& half_done) {
    auto at_path = row_at(file);
    if (!at_path) return forward(at_path);
    const TrackId id = half_done ? half_done->id : *at_path ? (*at_path)->id : TrackId::random();
    const auto relatives = originals_.find(id, content.analysis);
    if (!relatives) return forward(relatives);
    if (relatives->original) {
        if (*at_path) displaced((*at_path)->id);
        if (half_done) displaced(half_done->id);
        parts_.log.duplicate(file, *relatives->original);
        return {};
    }
    if (*at_path && (*at_path)->id != id) displaced((*at_path)->id);
    if (auto added = originals_.add(id, content.analysis); !added) return added;

    BatchEntry entry = make_entry(file, id, std::move(content));
    if (relatives->kin) {
        entry.row.kin = relatives->kin->id;
        parts_.log.kin(entry.row, *relatives->kin, relatives->common_seconds);
    }
    entry.fresh = !half_done && !*at_path;
    if (is_ready(*at_path) && (*at_path)->id == id) entry.before = std::move(**at_path);
    batch_.add(std::move(entry));
    return batch_.full() ? flush() : Result<void>();
}

BatchEntry Committer::make_entry(const FileEntry& file, const TrackId& id, NewContent content) {
    Analysis& analysis = content.analysis;
    BatchEntry entry;
    entry.row = make_track_row(id, file, content.sha256, analysis);
    entry.fingerprint = std::move(analysis.fingerprint);
    entry.waveform = std::move(analysis.waveform);
    entry.embedding = std::move(analysis.embedding);
    if (analysis.embedding_failure) parts_.log.not_embedded(1, std::move(*analysis.embedding_failure));
    return entry;
}

Result<void> Committer::remove_displaced() {
    std::vector<TrackId> gone;
    for (const TrackId& id : displaced_) {
        const auto row = parts_.stores.catalog.find(id, parts_.stores.deadline());
        if (!row) return forward(row);
        if (!*row || (is_ready(*row) && still_holds(**row, parts_.stores.audio, parts_.stores.deadline()))) continue;
        gone.push_back(id);
        parts_.log.notice("removed the track \"" + (*row)->title + "\": " + (*row)->file_path +
                          " holds other music now, which another track has");
    }
    displaced_.clear();
    const auto removed = remove_tracks(parts_.stores, gone, parts_.lock);
    if (!removed) return forward(removed);
    return {};
}

}  // namespace audio_ident::ingest
