#include "app/backends.hpp"

#include <filesystem>
#include <system_error>

#include "app/copy_library.hpp"
#include "app/index_store.hpp"
#include "app/shared_documents.hpp"
#include "audio/sandboxed_decoder.hpp"
#include "catalog/file_documents.hpp"
#include "catalog/postgres_catalog.hpp"
#include "catalog/postgres_documents.hpp"
#include "catalog/postgres_lock.hpp"
#include "catalog/sqlite_catalog.hpp"
#include "embedding/models.hpp"
#include "storage/bucket_store.hpp"
#include "storage/fetching_decoder.hpp"
#include "storage/folder_store.hpp"
#include "util/durable_folder.hpp"

namespace audio_ident::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSqlite = "sqlite://";

std::unique_ptr<audio::Decoder> make_local_decoder(bool sandbox, const std::string& tag_encoding) {
    if (!sandbox) return audio::make_ffmpeg_decoder({tag_encoding});
    return audio::make_sandboxed_decoder({.maker = {"/proc/self/exe", std::string(kDecodeWorker)}}, {tag_encoding});
}

std::unique_ptr<audio::Decoder> make_decoder(const config::Settings& settings, storage::AudioStore& audio) {
    auto decoder = make_local_decoder(settings.decode_sandbox, settings.tag_fallback_encoding);
    return audio.is_shared() ? storage::make_fetching_decoder(std::move(decoder), audio) : std::move(decoder);
}

std::unique_ptr<catalog::DocumentStore> make_documents(const config::Settings& settings) {
    if (settings.catalog.mode == config::StoreMode::embedded)
        return std::make_unique<catalog::FileDocuments>(settings.data_dir);
    return catalog::make_postgres_documents(settings.catalog.url);
}

/// A library and the back ends that it uses.
class OwningLibrary {
  public:
    explicit OwningLibrary(const config::Settings& settings) : backends_(settings) {}

  protected:
    ChosenBackends backends_;
};

class ChosenLibrary final : private OwningLibrary, public library::StoredLibrary {
  public:
    explicit ChosenLibrary(const config::Settings& settings)
        : OwningLibrary(settings), StoredLibrary(backends_, library_settings(settings)) {}
};

}  // namespace

ChosenBackends::ChosenBackends(config::Settings settings)
    : settings_(std::move(settings)),
      documents_(make_documents(settings_)),
      audio_(make_audio_store(settings_)),
      decoder_(make_decoder(settings_, *audio_)) {}

std::optional<std::string> ChosenBackends::catalog_file() const {
    if (settings_.catalog.mode != config::StoreMode::embedded) return std::nullopt;
    return settings_.catalog.url.substr(kSqlite.size());
}

Result<void> ChosenBackends::make_catalog_folder() const {
    const auto file = catalog_file();
    if (!file) return {};
    const auto folder = fs::path(*file).parent_path();
    const auto error = util::make_private_folder(folder);
    if (!error) return {};
    return fail(ErrorKind::not_available, "cannot make the data folder {}: {}; set AUDIO_IDENT_DATA_DIR or --data-dir",
                folder.string(), error.message());
}

bool ChosenBackends::catalog_exists() const {
    const auto file = catalog_file();
    std::error_code ignored;
    return !file || fs::exists(*file, ignored);  // a server is only asked when its catalog is opened
}

Result<std::unique_ptr<catalog::Catalog>> ChosenBackends::open_catalog(const Deadline& deadline) {
    if (auto made = make_catalog_folder(); !made) return forward(made);
    const auto file = catalog_file();
    if (file) return catalog::open_sqlite_catalog({.path = *file}, deadline);
    auto catalog = catalog::open_postgres_catalog({.url = settings_.catalog.url}, deadline);
    if (!catalog) return catalog;
    catalog::FileDocuments own(settings_.data_dir);
    if (auto shared = share_documents(own, *documents_, deadline); !shared) return forward(shared);
    return catalog;
}

Result<std::unique_ptr<catalog::Migrator>> ChosenBackends::open_migrator() {
    if (auto made = make_catalog_folder(); !made) return forward(made);
    const auto file = catalog_file();
    return file ? catalog::open_sqlite_migrator({.path = *file})
                : catalog::open_postgres_migrator({.url = settings_.catalog.url});
}

Result<library::CopyReport> ChosenBackends::copy(const library::CopyRequest& request, const library::Turn& turn,
                                                 library::CopyObserver& observer) {
    return copy_library(settings_, threads_.computing, request, turn, observer);
}

Result<std::unique_ptr<catalog::SharedLock>> ChosenBackends::lock_shared(const std::string& purpose,
                                                                         catalog::SharedLock::Place place,
                                                                         const Deadline& deadline) {
    if (settings_.catalog.mode == config::StoreMode::embedded) return nullptr;
    return catalog::lock_postgres(settings_.catalog.url, purpose, place, deadline);
}

Result<std::unique_ptr<library::IndexStore>> ChosenBackends::open_index(library::Access access) {
    return open_index_store(settings_, access, threads_.computing);
}

Result<std::unique_ptr<library::IndexStore>> ChosenBackends::open_stations(library::Access access) {
    return open_stations_store(settings_.data_dir / "stations", access, threads_.computing);
}

Result<void> ChosenBackends::erase_index() {
    return erase_index_store(settings_);
}

std::function<Result<void>(std::span<const TrackId>, const Deadline&)> ChosenBackends::forget_vectors() const {
    if (settings_.qdrant.mode == config::StoreMode::embedded) return {};
    return [server = qdrant_server(settings_.qdrant)](std::span<const TrackId> ids, const Deadline& deadline) {
        return index::QdrantVectorIndex::remove_everywhere(server, ids, deadline);
    };
}

Result<std::unique_ptr<embedding::Embedder>> ChosenBackends::open_embedder(const std::string& model) {
    const auto streams = static_cast<unsigned>(threads_or_hardware(settings_.ingest_threads));
    return embedding::open_embedder(model, streams, embedding::ModelStore(settings_.embedding.models_dir));
}

std::unique_ptr<storage::AudioStore> make_audio_store(const config::Settings& settings) {
    const auto& wanted = settings.audio_storage;
    if (wanted.bucket.empty()) return storage::make_folder_store(settings.audio_storage_root);
    const bool by_host = wanted.style == config::S3Style::host;
    return storage::make_bucket_store({.endpoint = wanted.endpoint,
                                       .region = wanted.region,
                                       .bucket = wanted.bucket,
                                       .prefix = wanted.prefix,
                                       .style = by_host ? curl::S3Style::host : curl::S3Style::path,
                                       .access_key = wanted.access_key,
                                       .secret_key = wanted.secret_key},
                                      settings.audio_storage_root, wanted.cache_bytes);
}

library::Settings library_settings(const config::Settings& settings) {
    return {.data_dir = settings.data_dir,
            .uploads = settings.audio_storage_root,
            .model = settings.embedding.model,
            .threads = settings.ingest_threads};
}

std::unique_ptr<library::Library> open_library(const config::Settings& settings) {
    return std::make_unique<ChosenLibrary>(settings);
}

}  // namespace audio_ident::app
