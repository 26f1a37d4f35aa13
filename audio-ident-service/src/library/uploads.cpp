#include "library/uploads.hpp"

#include <chrono>
#include <spdlog/spdlog.h>

#include "lib/openssl/file_sha256.hpp"
#include "util/path_text.hpp"

namespace audio_ident::library {
namespace {

namespace fs = std::filesystem;

constexpr auto kStoreTimeout = std::chrono::seconds(10);

/// Why the report's only file was refused. A file that cannot be decoded counts as an unsupported format. The sender
/// knows it by its name, not by the folder that it was stored in.
Unexpected refused(const ingest::IngestError& error, const fs::path& folder) {
    const bool of_file = error.kind != ErrorKind::not_available && error.kind != ErrorKind::internal;
    const bool unclear = error.reason == Reason::unspecified;
    auto message = util::renamed_in(error.error, (folder / "").native(), "");
    return Unexpected(
        Error{error.kind, std::move(message), of_file && unclear ? Reason::unsupported_format : error.reason});
}

}  // namespace

Result<IncomingFile> IncomingFile::read(const Upload& upload, storage::AudioStore& store, catalog::Catalog& catalog,
                                        const std::stop_token& stop) {
    const auto hash = openssl::file_sha256(upload.file, Deadline::never(stop));
    if (!hash) return forward(hash);
    if (hash->bytes == 0) return fail(ErrorKind::invalid_input, "the uploaded file is empty");
    IncomingFile incoming(store, catalog, upload.file, hash->sha256, upload.name);
    auto known = catalog.find_by_hash(hash->sha256, Deadline::after(kStoreTimeout, stop));
    if (!known) return forward(known);
    if (*known && (*known)->state == catalog::TrackState::ready) incoming.known_ = std::move(**known);
    return incoming;
}

Result<void> IncomingFile::send(const std::stop_token& stop) const {
    return store_->send(file_, name_, Deadline::never(stop));
}

Result<void> IncomingFile::discard() const {
    const auto other = catalog_->find_by_hash(sha256_, Deadline::after(kStoreTimeout));
    if (!other) return forward(other);
    if (*other && storage::stored_name(util::path_from_text((*other)->file_path).value_or("")) == name_) return {};
    return store_->remove(stored_, Deadline::after(kStoreTimeout));
}

Result<std::optional<catalog::Track>> IncomingFile::row_at(const std::string& path) const {
    return catalog_->find_by_path(path, Deadline::after(kStoreTimeout));
}

Result<Added> IncomingFile::take_in(const Ingest& ingest, const std::stop_token& stop) {
    auto kept = store_->keep(file_, name_, Deadline::never(stop));
    if (!kept) return forward(kept);
    stored_ = std::move(*kept);
    const auto report = ingest(stored_);
    auto own = row_at(util::path_to_text(stored_.native()));
    if (!own) return forward(own);  // the file stays, because it may be a track
    if (*own && (*own)->state == catalog::TrackState::ready) return Added{std::move(**own), Added::As::new_track};
    auto added = report ? without_track(*report) : Result<Added>(forward(report));
    // The next change of the library completes a track that is half stored, and then it needs its file.
    if (!*own) {
        if (const auto discarded = discard(); !discarded)
            spdlog::warn("{}, which is no track, stays: {}", name_, discarded.error().message);
    }
    return added;
}

Result<Added> IncomingFile::without_track(const ingest::IngestReport& report) const {
    if (report.fatal) return Unexpected(*report.fatal);
    if (report.interrupted) return fail(ErrorKind::not_available, "the ingest was interrupted; try again");
    const auto name = util::path_to_text(stored_.native());
    for (const auto& duplicate : report.duplicate_files) {
        if (duplicate.file != name) continue;
        auto original = row_at(duplicate.original);
        if (!original) return forward(original);
        if (*original) return Added{std::move(**original), Added::As::duplicate};
    }
    for (const auto& error : report.errors) {
        if (error.file == name) return refused(error, stored_.parent_path());
    }
    return fail(ErrorKind::internal, "the upload was neither ingested nor refused");
}

Result<void> remove_upload(const catalog::Track& track, storage::AudioStore& store, const Deadline& deadline) {
    const auto path = util::path_from_text(track.file_path);
    return path ? store.remove(*path, deadline) : Result<void>();
}

}  // namespace audio_ident::library
