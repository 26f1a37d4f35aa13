#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "ingest/ingest.hpp"
#include "ingest/track_embedding.hpp"

namespace audio_ident::ingest {

enum class ReembedScope {
    missing,  ///< tracks that the space of the vector store does not have
    all
};

struct ReembedParts {
    Stores stores;  ///< with vectors
    /// On any thread. Fails like audio::Decoder::decode().
    std::function<Result<TrackEmbedding>(const std::filesystem::path&, const Deadline&)> embed;
    const util::FileLock& lock;  ///< of the data folder
};

struct ReembedRequest {
    ReembedScope scope = ReembedScope::missing;
    unsigned threads = 0;  ///< 0: as many as the machine has
    PipelineSettings pipeline;
    BatchSettings batch;
    ExaminerSettings examiner;
};

struct ReembedReport {
    std::int64_t total = 0;  ///< tracks in scope
    std::int64_t embedded = 0;
    std::vector<std::string> missing_files;  ///< not there: their tracks stay as they were
    std::vector<IngestError> errors;         ///< cannot be read, or hold other bytes than when they were ingested
    double seconds_of_audio = 0;
    double elapsed_seconds = 0;
    bool interrupted = false;
    std::optional<Error> fatal;
};

/// Gives ready tracks vectors and tags from their files: `audio-ident reembed`. What is stored before a stop or a failure
/// stays, and the next run does the rest. Never fails as a whole: see the report.
ReembedReport reembed(const ReembedParts& parts, const ReembedRequest& request, IngestObserver& observer,
                      const std::stop_token& stop);

}  // namespace audio_ident::ingest
