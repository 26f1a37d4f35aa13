#include "library/uploads.hpp"

#include <chrono>
#include <system_error>

#include "lib/openssl/file_sha256.hpp"
#include "util/atomic_file.hpp"
#include "util/durable_folder.hpp"
#include "util/path_text.hpp"

namespace audio_ident::library {
namespace {

namespace fs = std::filesystem;

constexpr auto kStoreTimeout = std::chrono::seconds(10);

/// Compares names only; does not resolve links.
bool lies_below(const fs::path& path, const fs::path& folder) {
    const auto relative = path.lexically_normal().lexically_relative(folder.lexically_normal());
    return !relative.empty() && *relative.begin() != "..";
}

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

Result<IncomingFile> IncomingFile::read(const Upload& upload, const fs::path& uploads, catalog::Catalog& catalog,
                                        const std::stop_token& stop) {
    const auto hash = openssl::file_sha256(upload.file, Deadline::never(stop));
    if (!hash) return forward(hash);
    if (hash->bytes == 0) return fail(ErrorKind::invalid_input, "the uploaded file is empty");
    IncomingFile incoming(catalog, upload.file, uploads / hash->sha256.substr(0, 2) / hash->sha256 / upload.name);
    auto known = catalog.find_by_hash(hash->sha256, Deadline::after(kStoreTimeout, stop));
    if (!known) return forward(known);
    if (*known && (*known)->state == catalog::TrackState::ready) incoming.known_ = std::move(**known);
    return incoming;
}

Result<void> IncomingFile::move_to_its_place() const {
    // A track whose file the power cut took would be found, but could not be played or analysed again.
    if (auto made = util::make_durable_folder(stored_.parent_path()); !made) return made;
    return util::move_into_place(file_, stored_, util::Durability::power_cut);
}

void IncomingFile::discard() const {
    std::error_code ignored;
    fs::remove(stored_, ignored);
    fs::remove(stored_.parent_path(), ignored);  // fails when the folder contains other files
}

Result<std::optional<catalog::Track>> IncomingFile::row_at(const std::string& path) const {
    return catalog_->find_by_path(path, Deadline::after(kStoreTimeout));
}

Result<Added> IncomingFile::take_in(const Ingest& ingest) {
    if (auto moved = move_to_its_place(); !moved) return forward(moved);
    const auto report = ingest(stored_);
    auto own = row_at(util::path_to_text(stored_.native()));
    if (!own) return forward(own);  // the file stays, because it may be a track
    if (*own && (*own)->state == catalog::TrackState::ready) return Added{std::move(**own), Added::As::new_track};
    auto added = report ? without_track(*report) : Result<Added>(forward(report));
    // The next change of the library completes a track that is half stored, and then it needs its file.
    if (!*own) discard();
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

Result<void> remove_upload(const catalog::Track& track, const fs::path& uploads) {
    const auto path = util::path_from_text(track.file_path);
    if (!path || !lies_below(*path, uploads)) return {};
    if (auto removed = util::remove_durably(*path); !removed) return removed;
    std::error_code ignored;
    fs::remove(fs::path(*path).parent_path(), ignored);  // fails when the folder contains other files
    return {};
}

}  // namespace audio_ident::library
