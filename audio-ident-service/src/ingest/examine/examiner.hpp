#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>

#include "catalog/catalog.hpp"
#include "core/result.hpp"
#include "ingest/examine/analyzer.hpp"
#include "ingest/scan/file_status.hpp"

namespace audio_ident::ingest {

/// A track that is ready holds these bytes; nothing was decoded.
struct KnownContent {
    std::string sha256;
};

struct NewContent {
    std::string sha256;
    Analysis analysis;
};

/// An earlier ingest found that the file is a duplicate of the track with this content. The file has not changed since,
/// and was not read.
struct NotedDuplicate {
    std::string sha256;
};

/// The file cannot be ingested; the others can.
struct FileFailure {
    Error error;
};

/// A store does not answer, so the run cannot continue.
struct StoreFailure {
    Error error;
};

/// A stop was requested before the file was examined.
struct Abandoned {};

using Finding = std::variant<KnownContent, NewContent, NotedDuplicate, FileFailure, StoreFailure, Abandoned>;

struct ExaminerSettings {
    std::chrono::seconds file_timeout{3600};
    std::chrono::seconds store_timeout{60};
    /// The audio stream to index, see audio::DecodeOptions. Where a track holds another stream of these bytes, they are
    /// analysed again.
    std::optional<int> stream = {};
};

/// Does the work of one ingest thread: hashes a file, looks its content up in the catalog, and analyses it if it is not
/// there. Each thread has one; all share the catalog.
class Examiner {
  public:
    Examiner(catalog::Catalog& catalog, std::unique_ptr<Analyzer> analyzer, ExaminerSettings settings,
             std::stop_token stop);

    /// Brings the file's status up to date first: it may have waited since the scan.
    Finding examine(FileEntry& file);
    /// Analyses the file of a track again. Fails like Analyzer::analyse().
    Result<Analysis> analyse(const catalog::Track& track);

  private:
    Finding failure(const Error& error) const;
    /// Whether a track is ready that holds these bytes, and the stream that is wanted.
    bool is_known(const std::optional<catalog::Track>& row) const;

    catalog::Catalog& catalog_;
    std::unique_ptr<Analyzer> analyzer_;
    ExaminerSettings settings_;
    std::stop_token stop_;
};

}  // namespace audio_ident::ingest
