#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "audio/waveform.hpp"
#include "catalog/track.hpp"
#include "core/result.hpp"
#include "fingerprint/fingerprint.hpp"
#include "ingest/commit/outcome_log.hpp"
#include "ingest/commit/stores.hpp"
#include "ingest/examine/track_embedding.hpp"

namespace audio_ident::ingest {

struct BatchSettings {
    std::size_t max_tracks = 16;
    std::size_t max_peaks = 4'000'000;  ///< 32 MB, of 13 hours of music
    std::chrono::milliseconds max_age{1000};
};

/// One track to store.
struct BatchEntry {
    bool fresh = false;  ///< the catalog has no row of it
    catalog::Track row;
    std::optional<catalog::Track> before;  ///< the ready row of a track whose file has changed
    fingerprint::Fingerprint fingerprint;
    audio::WaveformPeaks waveform;
    std::optional<TrackEmbedding> embedding;
};

/// Tracks that are stored together. store() goes in steps, each durable before the next, such that a crash between any
/// two leaves a state that the next ingest completes (see store_check.hpp), and that a search sees a track whole or not
/// at all:
///
///   new or half-done track                     track whose file has changed (it keeps its id)
///                                              1. row pending, old columns     crash: whole in the index, ready again
///                                              2. old index entry removed      crash: pending, analysed again
///   3. row pending                             3. row pending, new columns     crash: pending, analysed again
///   4. index entries, one transaction          4. the same                     crash: whole in the index, made ready
///   5. row ready                               5. row ready
class TrackBatch {
  public:
    /// `log` outlives it.
    TrackBatch(Stores stores, BatchSettings settings, OutcomeLog& log)
        : stores_(std::move(stores)), settings_(settings), log_(log) {}

    void add(BatchEntry entry);
    bool full() const { return entries_.size() >= settings_.max_tracks || peaks_ >= settings_.max_peaks; }
    /// Whether its first entry has waited long enough.
    bool due() const;
    /// Stores the entries, logs the outcome of each, and is empty afterwards. Fails when a store fails; then the ingest
    /// cannot continue.
    Result<void> store();

    /// The entry of a track, or null.
    const BatchEntry* find(const TrackId& id) const;
    bool holds_content(const std::string& sha256) const;

  private:
    Result<void> retire_replaced();
    Result<void> write_pending();
    Result<void> put_rows(catalog::TrackState state);
    Result<void> write_index();
    void keep_waveforms() const;
    Result<void> write_ready();

    Stores stores_;
    BatchSettings settings_;
    OutcomeLog& log_;
    std::vector<BatchEntry> entries_;
    std::size_t peaks_ = 0;
    std::chrono::steady_clock::time_point begin_;
};

}  // namespace audio_ident::ingest
