#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <vector>

#include "ingest/commit/change_lock.hpp"
#include "ingest/commit/committer.hpp"
#include "ingest/commit/stores.hpp"
#include "ingest/examine/examiner.hpp"
#include "ingest/examine/music_comparison.hpp"
#include "ingest/report.hpp"
#include "ingest/scan/scanner.hpp"

namespace audio_ident::ingest {

enum class Prune { keep, remove };     ///< tracks whose file is gone
enum class SameMusic { reject, add };  ///< music that a track holds already, in other bytes; equal bytes are rejected

struct IngestRequest {
    std::vector<std::filesystem::path> paths;
    std::optional<std::filesystem::path> from_file;  ///< a list of names, see NameList; "-": standard input
    ScanOptions scan;
    Prune prune = Prune::keep;
    SameMusic same_music = SameMusic::reject;
    unsigned threads = 0;  ///< 0: as many as the machine has
    BatchSettings batch;
    ExaminerSettings examiner;
    std::stop_token
        pause;  ///< when requested, the ingest finishes and stores what it has begun, and ends as interrupted
};

struct IngestParts {
    Stores stores;
    MakeAnalyzer make_analyzer;
    MusicComparison chromaprint;
    const ChangeLock& lock;  ///< held during the call, so that nobody else writes
    /// Where DuplicateNotes are kept; null: duplicates are analysed again each time.
    catalog::DocumentStore* duplicate_notes = nullptr;
};

/// Brings the stores in line with files: `audio-ident ingest`. First completes what a killed ingest left half-done.
/// Never fails as a whole: the report says what went wrong, and what it counts is stored. A stop ends the ingest within
/// the time that a worker needs to notice it; files that were decoded by then are stored.
IngestReport run_ingest(const IngestParts& parts, const IngestRequest& request, IngestObserver& observer,
                        const std::stop_token& stop);

}  // namespace audio_ident::ingest
