#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/result.hpp"
#include "ingest/commit/duplicate_index.hpp"
#include "ingest/commit/remove_tracks.hpp"
#include "ingest/examine/examiner.hpp"
#include "ingest/report.hpp"

namespace audio_ident::ingest {

struct BatchSettings {
    std::size_t max_tracks = 16;
    std::size_t max_peaks = 2'000'000;  ///< 16 MB
    std::chrono::milliseconds max_age{1000};
};

/// Decides what each examined file is (new, changed, moved, a duplicate …) and stores it; the only writer of an ingest.
/// Gets the files in scan order, so that the first of two duplicates wins whichever was decoded first.
///
/// A batch is stored in steps, each durable before the next, such that a crash between any two leaves a state the next
/// ingest completes (see store_check.hpp), and that a search sees a track whole or not at all:
///
///   new or half-done track                     track whose file has changed (it keeps its id)
///                                              1. row pending, old columns     crash: whole in the index, ready again
///                                              2. old index entry removed      crash: pending, analysed again
///   3. row pending                             3. row pending, new columns     crash: pending, analysed again
///   4. index entries, one transaction          4. the same                     crash: whole in the index, made ready
///   5. row ready                               5. row ready
class Committer {
  public:
    struct Parts {
        Stores stores;
        const util::FileLock& lock;
        DuplicateIndex* duplicates = nullptr;  ///< none: music that a track holds already is added again
        std::function<void(const FileEntry&, const std::string& original_sha256)> note_duplicate;
        std::function<Finding(FileEntry&)> examine;  ///< for a file whose finding was overtaken by an earlier file
        IngestReport& report;
        IngestObserver& observer;
    };

    Committer(Parts parts, BatchSettings settings);

    /// Fails when a store fails; then nothing more can be stored.
    Result<void> take(FileEntry file, Finding finding);
    /// Stores the batch when it is old enough.
    Result<void> flush_if_due();
    Result<void> flush();
    /// Removes tracks whose file holds other music now, which another track was found to hold. At the end, because their
    /// own music may still turn up under another name.
    Result<void> remove_displaced();
    void displaced(const TrackId& id) { displaced_.insert(id); }

  private:
    struct Entry {
        bool fresh = false;  ///< there was no row
        catalog::Track row;
        std::optional<catalog::Track> before;  ///< the ready row of a track whose file has changed
        fingerprint::Fingerprint fingerprint;
        audio::WaveformPeaks waveform;
        std::optional<TrackEmbedding> embedding;
    };

    Result<void> noted_duplicate(FileEntry file, const std::string& original_sha256);
    Result<void> known_content(FileEntry file, const std::string& sha256);
    Result<void> new_content(const FileEntry& file, NewContent content);
    Result<void> same_content(const FileEntry& file, catalog::Track row);
    Result<void> add(const FileEntry& file, NewContent content, const std::optional<catalog::Track>& half_done);
    /// The row, stored or about to be, of the track that holds the same music.
    Result<std::optional<catalog::Track>> original_of(const TrackId& self, const Analysis& analysis);
    Result<std::optional<std::string>> chromaprint_of(const TrackId& id);
    Result<std::optional<catalog::Track>> row_by_hash(const std::string& sha256);

    Result<void> retire_replaced();
    Result<void> write_pending();
    Result<void> put_rows(catalog::TrackState state);
    Result<void> write_index();
    void keep_waveforms() const;
    Result<void> write_ready();

    void failed(const std::string& file, const Error& error);
    void duplicate(const FileEntry& file, const catalog::Track& original);

    Parts parts_;
    BatchSettings settings_;
    std::vector<Entry> batch_;
    std::size_t batch_peaks_ = 0;
    std::chrono::steady_clock::time_point batch_begin_;
    std::unordered_set<TrackId> displaced_;
};

/// Whether the file at the row's path still holds the row's bytes; read only when its time of modification differs. When
/// it cannot be known (no permission), it counts as held.
bool still_holds(const catalog::Track& row, const Deadline& deadline);

}  // namespace audio_ident::ingest
