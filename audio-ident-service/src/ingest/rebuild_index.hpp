#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "ingest/ingest.hpp"

namespace audio_ident::ingest {

enum class RebuildScope {
    all,     ///< every track
    missing  ///< those that the index does not have whole: what an interrupted rebuild of an empty index left
};

struct RebuildRequest {
    RebuildScope scope = RebuildScope::all;
    unsigned threads = 0;  ///< 0: as many as the machine has
    PipelineSettings pipeline;
    BatchSettings batch;
    ExaminerSettings examiner;
};

struct RebuildReport {
    std::int64_t total = 0;  ///< tracks in the catalog that are in scope
    std::int64_t rebuilt = 0;
    std::vector<std::string> missing_files;  ///< not there: their tracks stay as they were
    std::vector<IngestError> errors;         ///< cannot be read, or hold other bytes than when they were ingested
    double seconds_of_audio = 0;
    double elapsed_seconds = 0;
    bool interrupted = false;
    std::optional<Error> fatal;
};

/// Analyses the files of catalog tracks again and puts the result into the fingerprint index: `audio-ident rebuild-index`.
/// A track's entry is replaced in the transaction that adds the new one, so that what was searchable stays so. Index
/// entries without a track are removed. Half-done tracks become ready. Never fails as a whole: see the report.
RebuildReport rebuild_index(const IngestParts& parts, const RebuildRequest& request, IngestObserver& observer,
                            const std::stop_token& stop);

}  // namespace audio_ident::ingest
