#include "app/library_place.hpp"

#include <system_error>
#include <utility>

#include "app/index_store.hpp"
#include "util/url.hpp"

namespace audio_ident::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEmbedded = "embedded";
constexpr std::string_view kSqlite = "sqlite://";

bool is_embedded(const config::Settings& settings) {
    return settings.catalog.mode == config::StoreMode::embedded;
}

LibraryPlace::Vectors vectors_of(const config::Settings& settings) {
    if (settings.qdrant.mode == config::StoreMode::embedded) return settings.fingerprint_db_path;
    return qdrant_server(settings.qdrant);
}

LibraryPlace library_of(const config::Settings& settings) {
    const bool lmdb = settings.fingerprints.store == config::FingerprintStore::lmdb;
    return {.catalog = settings.catalog.url,
            .fingerprints = lmdb ? LibraryPlace::Fingerprints(settings.fingerprint_db_path) : settings.catalog.url,
            .vectors = vectors_of(settings)};
}

LibraryPlace embedded_library(const config::Settings& settings) {
    return {.catalog = is_embedded(settings) ? settings.catalog.url
                                             : std::string(kSqlite) + (settings.data_dir / "catalog.db").string(),
            .fingerprints = settings.fingerprint_db_path,
            .vectors = settings.fingerprint_db_path};
}

Result<LibraryPlace> find_stores(const std::string& name, const config::Settings& settings) {
    if (name.empty()) return library_of(settings);
    if (name == kEmbedded) return embedded_library(settings);
    const auto scheme = util::url_scheme(name);
    if (scheme == "postgresql" || scheme == "postgres")
        return LibraryPlace{.catalog = name, .fingerprints = name, .vectors = vectors_of(settings)};
    if (scheme == "sqlite") return LibraryPlace{.catalog = name, .fingerprints = {}, .vectors = {}};
    return fail(ErrorKind::invalid_input,
                "\"{}\" is not a library; it takes embedded, postgresql://USER@HOST:PORT/NAME or sqlite://PATH",
                util::mask_url(name));
}

bool same_folder(const fs::path& one, const fs::path& other) {
    std::error_code ignored;
    return one.lexically_normal() == other.lexically_normal() || fs::equivalent(one, other, ignored);
}

}  // namespace

Result<LibraryPlace> find_library(const std::string& name, const std::string& vectors,
                                  const config::Settings& settings) {
    auto found = find_stores(name, settings);
    if (!found || vectors.empty()) return found;
    const auto scheme = util::url_scheme(vectors);
    if (vectors == kEmbedded) {
        found->vectors = settings.fingerprint_db_path;
    } else if (scheme == "http" || scheme == "https") {
        auto server = qdrant_server(settings.qdrant);
        server.url = vectors;
        found->vectors = std::move(server);
    } else {
        return fail(ErrorKind::invalid_input,
                    "\"{}\" is not a store of vectors; it takes embedded or the URL of a Qdrant, http://HOST:PORT",
                    util::mask_url(vectors));
    }
    return found;
}

bool same_place(const LibraryPlace::Fingerprints& one, const LibraryPlace::Fingerprints& other) {
    if (one.index() != other.index()) return false;
    if (const auto* folder = std::get_if<fs::path>(&one)) return same_folder(*folder, std::get<fs::path>(other));
    return one == other;
}

bool same_place(const LibraryPlace::Vectors& one, const LibraryPlace::Vectors& other) {
    if (one.index() != other.index()) return false;
    if (const auto* folder = std::get_if<fs::path>(&one)) return same_folder(*folder, std::get<fs::path>(other));
    const auto& server = std::get<index::QdrantServer>(one);
    const auto& with = std::get<index::QdrantServer>(other);
    return server.url == with.url && server.collection_name == with.collection_name;
}

std::string location_of(const LibraryPlace::Fingerprints& place) {
    if (const auto* folder = std::get_if<fs::path>(&place)) return folder->string();
    return util::mask_url(std::get<std::string>(place));
}

std::string location_of(const LibraryPlace::Vectors& place) {
    if (const auto* folder = std::get_if<fs::path>(&place)) return folder->string();
    return "Qdrant at " + util::mask_url(std::get<index::QdrantServer>(place).url);
}

}  // namespace audio_ident::app
