#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "catalog/catalog.hpp"
#include "library/changes.hpp"
#include "storage/audio_store.hpp"
#include "storage/stored_name.hpp"

namespace audio_ident::library {

/// An uploaded file on its way to becoming a track. Uploads are stored by content (storage/stored_name.hpp).
class IncomingFile {
  public:
    /// Reads the file and looks for a track with the same bytes. Fails with invalid_input when the file is empty. All
    /// arguments except `upload` must outlive the result.
    static Result<IncomingFile> read(const Upload& upload, storage::AudioStore& store, catalog::Catalog& catalog,
                                     const std::stop_token& stop);

    /// The ready track that has the same bytes.
    const std::optional<catalog::Track>& known() const { return known_; }

    /// Brings the bytes to where uploads are, if that is a server, so that take_in() need not. Fails as AudioStore.
    Result<void> send(const std::stop_token& stop) const;

    using Ingest = std::function<Result<ingest::IngestReport>(const std::filesystem::path& stored)>;
    /// Moves the file to its place and ingests it there; a file that does not become a track is removed again. When a
    /// store fails half-way, the file stays, and the next change of the library completes the track. A crash before
    /// there is a row leaves the file alone: nobody uses it until the same file is uploaded again. The caller holds the
    /// library's lock.
    Result<Added> take_in(const Ingest& ingest, const std::stop_token& stop);

  private:
    IncomingFile(storage::AudioStore& store, catalog::Catalog& catalog, std::filesystem::path file, std::string sha256,
                 const std::string& name)
        : store_(&store),
          catalog_(&catalog),
          file_(std::move(file)),
          sha256_(std::move(sha256)),
          name_(storage::upload_name(sha256_, name)) {}

    /// Unless another track has it: one service may have stored it under the path of its own folder.
    Result<void> discard() const;
    Result<std::optional<catalog::Track>> row_at(const std::string& path) const;
    /// The track that has the file's music, or the reason why the file was refused.
    Result<Added> without_track(const ingest::IngestReport& report) const;

    storage::AudioStore* store_;
    catalog::Catalog* catalog_;
    std::filesystem::path file_;
    std::string sha256_;
    std::string name_;
    std::filesystem::path stored_ = {};
    std::optional<catalog::Track> known_;
};

/// Removes the track's file if it is an upload. Fails as AudioStore.
Result<void> remove_upload(const catalog::Track& track, storage::AudioStore& store, const Deadline& deadline);

}  // namespace audio_ident::library
