#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "catalog/track.hpp"
#include "core/result.hpp"
#include "ingest/commit/stores.hpp"
#include "ingest/commit/track_batch.hpp"
#include "ingest/examine/examiner.hpp"
#include "ingest/report.hpp"

namespace audio_ident::ingest {

enum class PassScope {
    all,     ///< every track
    missing  ///< tracks that the index does not have, or not whole
};

struct PassRequest {
    PassScope scope = PassScope::missing;
    unsigned threads = 0;  ///< 0: as many as the machine has
    BatchSettings batch;
    ExaminerSettings examiner;
};

/// The outcome of a command that reads the files of catalog tracks again.
struct PassReport {
    std::int64_t total = 0;                  ///< tracks in scope
    std::int64_t done = 0;                   ///< tracks that are stored
    std::vector<std::string> missing_files;  ///< that are not there: their tracks stay as they were
    std::vector<IngestError> errors;         ///< files that cannot be read, or hold other bytes than when ingested
    double seconds_of_audio = 0;
    double elapsed_seconds = 0;
    bool interrupted = false;
    std::optional<Error> fatal;
};

/// The track has no file to read any more.
struct MissingFile {};

/// The reason why a track's file cannot be read.
using Obstacle = std::variant<MissingFile, FileFailure, StoreFailure, Abandoned>;

/// A track whose file a pass is to read, or why it cannot be read.
struct PassTrack {
    catalog::Track row;
    std::filesystem::path path;
    std::optional<Obstacle> obstacle;
};

/// Looks up a track and checks that its file is there and holds the bytes that were ingested. Thread-safe.
PassTrack find_pass_track(const Stores& stores, const TrackId& id, const Deadline& deadline);

}  // namespace audio_ident::ingest
