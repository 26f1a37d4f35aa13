#include "ingest/commit/row_file.hpp"

#include <filesystem>
#include <optional>
#include <utility>

#include "ingest/scan/file_status.hpp"
#include "lib/openssl/file_sha256.hpp"
#include "util/path_text.hpp"

namespace audio_ident::ingest {

namespace {

std::optional<std::filesystem::path> path_of(const catalog::Track& row) {
    auto bytes = util::path_from_text(row.file_path);
    if (!bytes) return std::nullopt;
    return std::filesystem::path(std::move(*bytes));
}

}  // namespace

bool still_holds(const catalog::Track& row, storage::AudioStore* audio, const Deadline& deadline) {
    const auto known = path_of(row);
    if (!known) return false;
    const auto path = audio ? audio->place_of(*known) : *known;
    const auto status = file_status(path);
    if (!status) return true;
    if (!*status) return audio && audio->has(*known, deadline).value_or(true);
    if ((*status)->type != FileType::regular) return false;
    if ((*status)->size_bytes != row.file_size_bytes) return false;
    if ((*status)->modified_ns == row.file_modified_ns) return true;
    const auto hash = openssl::file_sha256(path, deadline);
    return !hash || hash->sha256 == row.file_hash_sha256;
}

bool file_is_gone(const catalog::Track& row, storage::AudioStore* audio, const Deadline& deadline) {
    const auto path = path_of(row);
    return !path || file_is_gone(*path, audio, deadline);
}

bool file_is_gone(const std::filesystem::path& path, storage::AudioStore* audio, const Deadline& deadline) {
    const auto status = file_status(path);
    if (!status || *status) return false;
    return !audio || !audio->has(path, deadline).value_or(true);
}

}  // namespace audio_ident::ingest
