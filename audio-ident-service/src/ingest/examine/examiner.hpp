#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <variant>

#include "catalog/catalog.hpp"
#include "core/result.hpp"
#include "ingest/examine/analyzer.hpp"
#include "ingest/scan/file_status.hpp"

namespace audio_ident::ingest {

/// The bytes are those of a track that is ready: nothing was decoded.
struct KnownContent {
    std::string sha256;
};

struct NewContent {
    std::string sha256;
    Analysis analysis;
};

/// The file was not read: a former ingest found it to be a duplicate of the track with this content, and it is unchanged.
struct NotedDuplicate {
    std::string sha256;
};

/// The file cannot be ingested; the others can.
struct FileFailure {
    Error error;
};

/// A store does not answer: the run cannot go on.
struct StoreFailure {
    Error error;
};

/// Given up because a stop was requested.
struct Abandoned {};

using Finding = std::variant<KnownContent, NewContent, NotedDuplicate, FileFailure, StoreFailure, Abandoned>;

struct ExaminerSettings {
    std::chrono::seconds file_timeout{3600};
    std::chrono::seconds store_timeout{60};
};

/// What an ingest worker does with a file: hash it, ask whether the catalog knows the content, else analyse it. One a
/// thread; the catalog is shared.
class Examiner {
  public:
    Examiner(catalog::Catalog& catalog, std::unique_ptr<Analyzer> analyzer, ExaminerSettings settings,
             std::stop_token stop);

    /// Brings the file's status up to date first: it may have waited since the scan.
    Finding examine(FileEntry& file);

  private:
    Finding failure(const Error& error) const;

    catalog::Catalog& catalog_;
    std::unique_ptr<Analyzer> analyzer_;
    ExaminerSettings settings_;
    std::stop_token stop_;
};

}  // namespace audio_ident::ingest
