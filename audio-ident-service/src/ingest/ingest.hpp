#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <vector>

#include "ingest/commit/committer.hpp"
#include "ingest/examine/chromaprint_functions.hpp"
#include "ingest/examine/examiner.hpp"
#include "ingest/ordered_pipeline.hpp"
#include "ingest/report.hpp"
#include "ingest/scan/scanner.hpp"
#include "util/file_lock.hpp"

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
    PipelineSettings pipeline;
    BatchSettings batch;
    ExaminerSettings examiner;
    std::stop_token pause;  ///< when requested: what is begun is finished and stored, then the call ends, interrupted
};

struct IngestParts {
    Stores stores;
    MakeAnalyzer make_analyzer;
    ChromaprintFunctions chromaprint;
    /// Of the data folder; held during the call, so that nobody else writes.
    const util::FileLock& lock;
    /// Where notes on duplicates are kept, see DuplicateNotes; none: duplicates are analysed again each time.
    std::optional<std::filesystem::path> duplicate_notes = {};
};

/// Brings the stores in line with files: `audio-ident ingest`. Completes first what an ingest that was killed left
/// half-done. Never fails as a whole: what went wrong is in the report, and what the report counts is stored. A stop ends
/// it within the time a worker needs to notice; what was decoded by then is stored.
IngestReport run_ingest(const IngestParts& parts, const IngestRequest& request, IngestObserver& observer,
                        const std::stop_token& stop);

}  // namespace audio_ident::ingest
