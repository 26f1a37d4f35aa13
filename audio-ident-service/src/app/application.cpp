#include "app/application.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <thread>
#include <unistd.h>

#include "app/logging.hpp"
#include "audio/sandboxed_decoder.hpp"
#include "catalog/copy.hpp"
#include "catalog/postgres_backend.hpp"
#include "catalog/postgres_catalog.hpp"
#include "catalog/sqlite_backend.hpp"
#include "catalog/sqlite_catalog.hpp"
#include "embedding/models.hpp"
#include "ingest/decoding_analyzer.hpp"
#include "util/url.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace audio_ident::app {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kSqlite = "sqlite://";

Result<void> make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        return fail(ErrorKind::not_available,
                    "cannot make the data folder {}: {}; set AUDIO_IDENT_DATA_DIR or --data-dir", folder.string(),
                    error.message());
    }
    return {};
}

std::unique_ptr<audio::Decoder> make_decoder(bool sandbox) {
    if (!sandbox) return audio::make_ffmpeg_decoder();
    return audio::make_sandboxed_decoder({.maker = {"/proc/self/exe", std::string(kDecodeWorker)}});
}

}  // namespace

Application::Application(config::Settings settings, const Signals& signals)
    : settings_(std::move(settings)),
      signals_(signals),
      decoder_(make_decoder(settings_.decode_sandbox)),
      model_(settings_.data_dir / "vibe.json", settings_.embedding.model,
             [this](const std::string& model) { return open_embedder(model); }) {
    set_up_logging(settings_.log);
}

std::optional<std::string> Application::catalog_file() const {
    if (settings_.catalog.mode != config::StoreMode::embedded) return std::nullopt;
    return settings_.catalog.url.substr(kSqlite.size());
}

Result<void> Application::make_catalog_folder() const {
    const auto file = catalog_file();
    return file ? make_folder(fs::path(*file).parent_path()) : Result<void>();
}

bool Application::library_exists() const {
    const auto file = catalog_file();
    std::error_code ignored;
    return !file || fs::exists(*file, ignored);  // of a server's, catalog() tells
}

Result<catalog::Catalog*> Application::catalog() {
    if (catalog_) return catalog_.get();
    const auto file = catalog_file();
    auto opened = file ? catalog::open_sqlite_catalog({.path = *file}, deadline())
                       : catalog::open_postgres_catalog({.url = settings_.catalog.url}, deadline());
    if (!opened) return forward(opened);
    catalog_ = std::move(*opened);
    return catalog_.get();
}

Result<catalog::Migrator*> Application::migrator() {
    if (migrator_) return migrator_.get();
    if (auto made = make_catalog_folder(); !made) return forward(made);
    const auto file = catalog_file();
    auto opened = file ? catalog::open_sqlite_migrator({.path = *file})
                       : catalog::open_postgres_migrator({.url = settings_.catalog.url});
    if (!opened) return forward(opened);
    migrator_ = std::move(*opened);
    return migrator_.get();
}

Result<std::int64_t> Application::copy_catalog(const std::string& from, const std::string& to) {
    const auto backend = [](const std::string& url) -> Result<std::shared_ptr<catalog::SqlBackend>> {
        if (url.starts_with(kSqlite)) return catalog::make_sqlite_backend(url.substr(kSqlite.size()));
        if (url.starts_with("postgresql://")) return catalog::make_postgres_backend(url);
        return fail(ErrorKind::invalid_input, "\"{}\" is not a catalog; it takes sqlite://PATH or postgresql://…",
                    util::mask_url(url));
    };
    auto source = backend(from);
    if (!source) return forward(source);
    auto target = backend(to);
    if (!target) return forward(target);
    return catalog::copy_catalog(std::move(*source), std::move(*target), Deadline::never(stop_token()));
}

Result<index::LmdbFingerprintIndex*> Application::open_index(lmdb::Access access) {
    if (index_) return index_.get();
    auto opened = index::LmdbFingerprintIndex::open(settings_.fingerprint_db_path, access);
    if (!opened) return forward(opened);
    index_ = std::move(*opened);
    return index_.get();
}

Result<index::FingerprintIndexReader*> Application::fingerprints() {
    auto index = open_index(lmdb::Access::read_only);
    if (!index) return forward(index);
    return &(*index)->reader();
}

Result<search::Calibration> Application::calibration() const {
    auto stored = search::read_calibration(calibration_file());
    if (!stored) return forward(stored);
    return stored->value_or(search::Calibration{});
}

Result<void> Application::store_calibration(const std::optional<search::Calibration>& calibration) {
    if (calibration) return search::write_calibration(calibration_file(), *calibration);
    std::error_code error;
    fs::remove(calibration_file(), error);
    if (error)
        return fail(ErrorKind::not_available, "cannot remove {}: {}", calibration_file().string(), error.message());
    return {};
}

Result<util::FileLock> Application::lock(const std::string& purpose, std::chrono::seconds wait) {
    if (auto made = make_folder(settings_.data_dir); !made) return forward(made);
    return util::FileLock::acquire(settings_.data_dir / "lock", purpose, Deadline::after(wait, stop_token()));
}

void Application::close_index() {
    vibe_.reset();
    vectors_.reset();
    index_.reset();
}

Result<std::unique_ptr<embedding::Embedder>> Application::open_embedder(const std::string& model) const {
    const unsigned streams =
        settings_.ingest_threads != 0 ? settings_.ingest_threads : std::max(1U, std::thread::hardware_concurrency());
    return embedding::open_embedder(model, streams, embedding::ModelStore(settings_.embedding.models_dir));
}

Result<void> Application::change_embedder(const util::FileLock&) {
    const auto model = model_.wanted();
    if (!model) return forward(model);
    const auto index = open_index(lmdb::Access::read_write);
    if (!index) return forward(index);
    const auto before = model_.record();
    auto changed = model_.change_to((*model)->model(), [&](const index::VectorSpace& space) -> Result<std::uint64_t> {
        const auto vectors = Vectors::open(settings_.qdrant, **index, space, deadline());
        if (!vectors) return forward(vectors);
        const auto stats = (*vectors)->reader().stats(deadline());
        if (!stats) return forward(stats);
        return stats->tracks;
    });
    if (!changed) return changed;
    // A running service may still use the one before; nobody those before that.
    const auto spaces = (*index)->vector_spaces(deadline());
    if (!spaces) return forward(spaces);
    for (const auto& space : *spaces) {
        if (space.name == (*model)->model().space() || (before && space.name == before->space.name)) continue;
        if (auto dropped = (*index)->drop_vector_space(space.name, deadline()); !dropped) return dropped;
    }
    return {};
}

Result<Vectors*> Application::open_vectors(index::LmdbFingerprintIndex& index, const embedding::Model& model) {
    auto vectors = Vectors::open(settings_.qdrant, index, {model.space(), model.dimension}, deadline());
    if (!vectors) return forward(vectors);
    vectors_ = std::move(*vectors);
    return vectors_.get();
}

Result<search::VibeLibrary*> Application::vibe() {
    if (vibe_) return vibe_.get();
    const auto model = embedder();
    if (!model) return forward(model);
    const auto rows = catalog();
    if (!rows) return forward(rows);
    const auto index = open_index(lmdb::Access::read_only);
    if (!index) return forward(index);
    const auto vectors = open_vectors(**index, (*model)->model());
    if (!vectors) return forward(vectors);
    vibe_ = std::make_unique<search::VibeLibrary>(**rows, (*vectors)->reader(), **model,
                                                  settings_.data_dir / "similarity.json");
    return vibe_.get();
}

Result<ingest::Stores> Application::open_for_writing(const util::FileLock&, const embedding::Embedder* embedder) {
    if (auto made = make_catalog_folder(); !made) return forward(made);
    auto rows = catalog();
    if (!rows) return forward(rows);
    close_index();  // it may be open for reading
    auto index = open_index(lmdb::Access::read_write);
    if (!index) return forward(index);
    ingest::Stores stores{.catalog = **rows,
                          .fingerprints = (*index)->writer(),
                          .waveforms = waveforms(),
                          .forget_vectors = forget_vectors(settings_.qdrant)};
    if (embedder) {
        const auto vectors = open_vectors(**index, embedder->model());
        if (!vectors) return forward(vectors);
        if (auto begun = model_.begin(embedder->model()); !begun) return forward(begun);
        stores.lanes = &(*vectors)->lanes();
        stores.vectors = &(*vectors)->writer();
    }
    return stores;
}

Result<ingest::Stores> Application::open_for_comparing() {
    auto rows = catalog();
    if (!rows) return forward(rows);
    auto index = open_index(lmdb::Access::read_only);
    if (!index) return forward(index);
    return ingest::Stores{.catalog = **rows, .fingerprints = (*index)->writer(), .waveforms = waveforms()};
}

Result<void> Application::check_writable() const {
    std::error_code ignored;
    fs::path folder = settings_.data_dir;
    while (!fs::exists(folder, ignored) && folder.has_relative_path()) folder = folder.parent_path();
    if (::access(folder.c_str(), W_OK | X_OK) == 0) return {};
    return fail(ErrorKind::not_available, "cannot write in {}: {}", folder.string(),
                std::error_code(errno, std::generic_category()).message());
}

Result<void> Application::erase_fingerprints(const util::FileLock&) {
    close_index();
    for (const char* name : {"data.mdb", "lock.mdb"}) {
        std::error_code error;
        fs::remove(settings_.fingerprint_db_path / name, error);
        if (error) {
            return fail(ErrorKind::not_available, "cannot remove {}: {}",
                        (settings_.fingerprint_db_path / name).string(), error.message());
        }
    }
    return {};
}

ingest::MakeAnalyzer Application::make_analyzer(const embedding::Embedder* embedder) const {
    return ingest::decoding_analyzer(*decoder_, embedder);
}

ingest::ChromaprintFunctions Application::chromaprint() const {
    return ingest::chromaprint_functions();
}

fs::path Application::duplicate_notes() const {
    return settings_.data_dir / "duplicates";
}

std::vector<std::pair<std::string, bool>> Application::formats() const {
    static constexpr std::pair<const char*, AVCodecID> kCodecs[] = {
        {"MP3", AV_CODEC_ID_MP3},        {"FLAC", AV_CODEC_ID_FLAC},     {"WAV", AV_CODEC_ID_PCM_S16LE},
        {"AIFF", AV_CODEC_ID_PCM_S16BE}, {"Vorbis", AV_CODEC_ID_VORBIS}, {"Opus", AV_CODEC_ID_OPUS},
        {"AAC", AV_CODEC_ID_AAC},        {"ALAC", AV_CODEC_ID_ALAC},     {"WMA", AV_CODEC_ID_WMAV2},
    };
    std::vector<std::pair<std::string, bool>> formats;
    formats.reserve(std::size(kCodecs));
    for (const auto& [name, codec] : kCodecs) formats.emplace_back(name, avcodec_find_decoder(codec) != nullptr);
    return formats;
}

}  // namespace audio_ident::app
