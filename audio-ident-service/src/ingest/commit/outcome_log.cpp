#include "ingest/commit/outcome_log.hpp"

#include <utility>

#include "util/path_text.hpp"

namespace audio_ident::ingest {

void OutcomeLog::failed(const std::string& file, const Error& error) {
    report_.errors.push_back({file, error.message, error.kind, error.reason});
    observer_.on_file({file, FileOutcome::failed, error.message});
}

void OutcomeLog::duplicate(const FileEntry& file, const catalog::Track& original) {
    std::string path = util::path_to_text(file.path.native());
    ++report_.duplicates;
    report_.duplicate_files.push_back({path, original.file_path});
    observer_.on_file({path, FileOutcome::duplicate, original.file_path});
    duplicates_.push_back({std::move(path), file.status, original.file_hash_sha256});
}

void OutcomeLog::moved(const std::string& file, const std::string& former) {
    ++report_.moved;
    observer_.on_file({file, FileOutcome::moved, former});
}

void OutcomeLog::ingested(const std::string& file) {
    ++report_.ingested;
    observer_.on_file({file, FileOutcome::ingested, {}});
}

void OutcomeLog::updated(const std::string& file) {
    ++report_.updated;
    observer_.on_file({file, FileOutcome::updated, {}});
}

void OutcomeLog::not_embedded(std::size_t tracks, Error cause) {
    report_.not_embedded += static_cast<std::int64_t>(tracks);
    report_.embedding_failure = std::move(cause);
}

}  // namespace audio_ident::ingest
