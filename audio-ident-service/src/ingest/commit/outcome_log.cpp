#include "ingest/commit/outcome_log.hpp"

#include <utility>

#include "ingest/commit/file_notes.hpp"
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

void OutcomeLog::ingested(const catalog::Track& track) {
    ++report_.ingested;
    note(track);
    observer_.on_file({track.file_path, FileOutcome::ingested, {}});
}

void OutcomeLog::updated(const catalog::Track& track) {
    ++report_.updated;
    note(track);
    observer_.on_file({track.file_path, FileOutcome::updated, {}});
}

void OutcomeLog::kin(const catalog::Track& track, const catalog::Track& other, double common_seconds) {
    report_.file_notes.push_back({track.file_path, FileNote::About::kin,
                                  fmt::format("begins like {}; {:.0f} s are the same, so it is a track of its own",
                                              other.file_path, common_seconds)});
}

void OutcomeLog::note(const catalog::Track& track) {
    for (FileNote& note : notes_on(track)) report_.file_notes.push_back(std::move(note));
}

void OutcomeLog::not_embedded(std::size_t tracks, Error cause) {
    report_.not_embedded += static_cast<std::int64_t>(tracks);
    report_.embedding_failure = std::move(cause);
}

}  // namespace audio_ident::ingest
