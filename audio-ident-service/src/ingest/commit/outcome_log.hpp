#pragma once

#include <string>
#include <vector>

#include "catalog/track.hpp"
#include "ingest/report.hpp"
#include "ingest/scan/file_status.hpp"

namespace audio_ident::ingest {

/// Records the outcome of each file of an ingest, in the counts of the report and for the observer. Notes duplicates
/// for the next ingest. Works on the thread that runs the ingest.
class OutcomeLog {
  public:
    struct Duplicate {
        std::string path_text;
        FileStatus status;
        std::string original_sha256;
    };

    /// Both outlive it.
    OutcomeLog(IngestReport& report, IngestObserver& observer) : report_(report), observer_(observer) {}

    void failed(const std::string& file, const Error& error);
    void duplicate(const FileEntry& file, const catalog::Track& original);
    void unchanged() { ++report_.unchanged; }
    void moved(const std::string& file, const std::string& former);
    /// Call these two when the track is stored.
    void ingested(const catalog::Track& track);
    void updated(const catalog::Track& track);
    /// A track that is about to be stored begins like another one.
    void kin(const catalog::Track& track, const catalog::Track& other, double common_seconds);
    /// A stop came before the file was examined.
    void abandoned() { report_.interrupted = true; }

    void decoded(double seconds) { report_.seconds_of_audio += seconds; }
    void embedded(std::size_t tracks) { report_.embedded += static_cast<std::int64_t>(tracks); }
    void not_embedded(std::size_t tracks, Error cause);
    /// Something else that the user should know, in a sentence.
    void notice(std::string text) { report_.notices.push_back(std::move(text)); }

    const std::vector<Duplicate>& duplicates() const { return duplicates_; }

  private:
    void note(const catalog::Track& track);

    IngestReport& report_;
    IngestObserver& observer_;
    std::vector<Duplicate> duplicates_;
};

}  // namespace audio_ident::ingest
