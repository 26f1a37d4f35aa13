#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "ingest/commit/committer.hpp"
#include "ingest/commit/duplicate_notes.hpp"
#include "ingest/examine/examiner.hpp"
#include "ingest/ingest.hpp"
#include "ingest/progress_meter.hpp"
#include "ingest/scan/known_files.hpp"
#include "ingest/scan/scan_scope.hpp"
#include "util/ordered_pipeline.hpp"

namespace audio_ident::ingest {

/// A file on its way from the scan to a worker.
struct FoundFile {
    FileEntry file;
    std::optional<Finding> finding;  ///< present when it is known without reading the file
};

/// A file on its way from a worker to the committer.
struct ExaminedFile {
    FileEntry file;
    Finding finding = Abandoned{};
};

/// What the scan of an ingest found.
struct ScanOutcome {
    Result<void> done;  ///< fails when a list of names cannot be read
    bool complete = false;
    std::vector<ScannedFolder> folders;
    std::int64_t met = 0;
    std::int64_t unchanged = 0;
    std::int64_t ignored = 0;
};

/// The middle of an ingest: scans on one thread, examines on several, and commits on the caller's in the order of the
/// scan. For one run.
class FilePipeline final : private util::PipelineStages<FoundFile, ExaminedFile> {
  public:
    struct Parts {
        const ScanScope& scope;
        const KnownFiles& known;      ///< files that are skipped
        const DuplicateNotes& notes;  ///< of former ingests
        std::function<std::unique_ptr<Examiner>()> make_examiner;
        Committer& committer;
        ProgressMeter& meter;
        std::function<void()> show_progress;
    };

    explicit FilePipeline(Parts parts) : parts_(std::move(parts)) {}

    /// Returns when everything is stored. After `end` it begins no file, but stores those that it has begun. Fails like
    /// the committer, or when the list of names is missing.
    Result<void> run(unsigned threads, const std::stop_token& end);
    /// After run().
    const ScanOutcome& scanned() const { return scanned_; }

  private:
    void produce(const Emit& emit) override;
    std::unique_ptr<Worker> make_worker() override;
    std::size_t cost(const ExaminedFile& output) const override;
    Next consume(ExaminedFile output) override;
    Next tick() override;

    Parts parts_;
    std::stop_token end_;
    std::optional<NameList> list_;
    Result<void> stored_;
    ScanOutcome scanned_;  ///< written by the scanning thread, read when it has ended
};

}  // namespace audio_ident::ingest
