#include "ingest/examine/examiner.hpp"

#include <utility>

#include "lib/openssl/file_sha256.hpp"
#include "util/path_text.hpp"

namespace audio_ident::ingest {

namespace {

constexpr const char* kEmpty =
    "the file is empty (0 bytes); copy it again, or download it if it is the placeholder of a cloud folder";

}  // namespace

Examiner::Examiner(catalog::Catalog& catalog, std::unique_ptr<Analyzer> analyzer, ExaminerSettings settings,
                   std::stop_token stop)
    : catalog_(catalog), analyzer_(std::move(analyzer)), settings_(settings), stop_(std::move(stop)) {}

Finding Examiner::failure(const Error& error) const {
    if (error.kind == ErrorKind::timeout && stop_.stop_requested()) return Abandoned{};
    return FileFailure{error};
}

bool Examiner::is_known(const std::optional<catalog::Track>& row) const {
    if (!row || row->state != catalog::TrackState::ready) return false;
    return !settings_.stream || row->audio_stream == settings_.stream;
}

Finding Examiner::examine(FileEntry& file) {
    if (stop_.stop_requested()) return Abandoned{};
    const auto before = file_status(file.path);
    if (!before) return failure(before.error());
    if (!*before) return FileFailure{{ErrorKind::not_available, "the file is gone since it was found", {}}};
    file.status = **before;
    const Deadline deadline = Deadline::after(settings_.file_timeout, stop_);

    const auto hash = openssl::file_sha256(file.path, deadline);
    if (!hash) return failure(hash.error());
    if (hash->bytes == 0) return FileFailure{{ErrorKind::invalid_input, kEmpty, {}}};

    const auto known = catalog_.find_by_hash(hash->sha256, Deadline::after(settings_.store_timeout));
    if (!known) return StoreFailure{known.error()};
    Finding finding = Abandoned{};
    if (is_known(*known)) {
        finding = KnownContent{hash->sha256};
    } else {
        // A half-done track keeps the stream that somebody chose for it.
        const auto stream = settings_.stream || !*known ? settings_.stream : (*known)->audio_stream;
        auto analysis = analyzer_->analyse(file.path, stream, deadline);
        if (!analysis) return failure(analysis.error());
        finding = NewContent{hash->sha256, std::move(*analysis)};
    }

    // The hash and the analysis must belong to the same bytes.
    const auto after = file_status(file.path);
    if (!after || !*after || (*after)->id != file.status.id || (*after)->size_bytes != file.status.size_bytes ||
        (*after)->modified_ns != file.status.modified_ns) {
        return FileFailure{{ErrorKind::not_available, "the file was changed while it was read; ingest it again", {}}};
    }
    return finding;
}

Result<Analysis> Examiner::analyse(const catalog::Track& track) {
    const auto path = util::path_from_text(track.file_path);
    if (!path) return fail(ErrorKind::not_available, "{} is no file name", track.file_path);
    return analyzer_->analyse(*path, track.audio_stream, Deadline::after(settings_.file_timeout, stop_));
}

}  // namespace audio_ident::ingest
