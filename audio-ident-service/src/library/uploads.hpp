#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "catalog/catalog.hpp"
#include "library/changes.hpp"

namespace audio_ident::library {

/// An uploaded file on its way to becoming a track. Uploads are stored by content: FOLDER/ab/abcd…/NAME.
class IncomingFile {
  public:
    /// Reads the file and looks for a track with the same bytes. Fails with invalid_input when the file is empty. All
    /// arguments except `upload` must outlive the result.
    static Result<IncomingFile> read(const Upload& upload, const std::filesystem::path& uploads,
                                     catalog::Catalog& catalog, const std::stop_token& stop);

    /// The ready track that has the same bytes.
    const std::optional<catalog::Track>& known() const { return known_; }

    using Ingest = std::function<Result<ingest::IngestReport>(const std::filesystem::path& stored)>;
    /// Moves the file to its place and ingests it there; a file that does not become a track is removed again. When a
    /// store fails half-way, the file stays, and the next change of the library completes the track. The caller holds
    /// the library's lock.
    Result<Added> take_in(const Ingest& ingest);

  private:
    IncomingFile(catalog::Catalog& catalog, std::filesystem::path file, std::filesystem::path stored)
        : catalog_(&catalog), file_(std::move(file)), stored_(std::move(stored)) {}

    Result<void> move_to_its_place() const;
    void discard() const;
    Result<std::optional<catalog::Track>> row_at(const std::string& path) const;
    /// The track that has the file's music, or the reason why the file was refused.
    Result<Added> without_track(const ingest::IngestReport& report) const;

    catalog::Catalog* catalog_;
    std::filesystem::path file_;
    std::filesystem::path stored_;
    std::optional<catalog::Track> known_;
};

/// Removes the track's file if it is in the folder of uploads. Fails with not_available.
Result<void> remove_upload(const catalog::Track& track, const std::filesystem::path& uploads);

}  // namespace audio_ident::library
