#include "app/application.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <unistd.h>

#include "app/logging.hpp"
#include "catalog/sqlite_catalog.hpp"
#include "ingest/decoding_analyzer.hpp"
#include "util/url.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace audio_ident::app {

namespace fs = std::filesystem;

namespace {

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

}  // namespace

Application::Application(config::Settings settings, const Signals& signals)
    : settings_(std::move(settings)), signals_(signals), decoder_(audio::make_ffmpeg_decoder()) {
    set_up_logging(settings_.log);
}

Result<std::string> Application::catalog_path() const {
    if (settings_.catalog.mode != config::StoreMode::embedded) {
        return fail(ErrorKind::unsupported,
                    "this version keeps its catalog in SQLite only, not at {}; set POSTGRES_MODE=embedded",
                    util::mask_url(settings_.catalog.url));
    }
    return settings_.catalog.url.substr(std::string_view("sqlite://").size());
}

bool Application::library_exists() const {
    const auto path = catalog_path();
    std::error_code ignored;
    return !path || fs::exists(*path, ignored);  // a wrong mode is catalog()'s to report
}

Result<catalog::Catalog*> Application::catalog() {
    if (catalog_) return catalog_.get();
    auto path = catalog_path();
    if (!path) return forward(path);
    auto opened = catalog::open_sqlite_catalog({.path = *path}, deadline());
    if (!opened) return forward(opened);
    catalog_ = std::move(*opened);
    return catalog_.get();
}

Result<catalog::Migrator*> Application::migrator() {
    if (migrator_) return migrator_.get();
    auto path = catalog_path();
    if (!path) return forward(path);
    if (auto made = make_folder(fs::path(*path).parent_path()); !made) return forward(made);
    auto opened = catalog::open_sqlite_migrator({.path = *path});
    if (!opened) return forward(opened);
    migrator_ = std::move(*opened);
    return migrator_.get();
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

Result<util::FileLock> Application::lock(const std::string& purpose, std::chrono::seconds wait) {
    if (auto made = make_folder(settings_.data_dir); !made) return forward(made);
    return util::FileLock::acquire(settings_.data_dir / "lock", purpose, Deadline::after(wait, stop_token()));
}

Result<ingest::Stores> Application::open_for_writing(const util::FileLock&) {
    auto path = catalog_path();
    if (!path) return forward(path);
    if (auto made = make_folder(fs::path(*path).parent_path()); !made) return forward(made);
    auto rows = catalog();
    if (!rows) return forward(rows);
    index_.reset();  // it may be open for reading
    auto index = open_index(lmdb::Access::read_write);
    if (!index) return forward(index);
    return ingest::Stores{**rows, (*index)->writer()};
}

Result<ingest::Stores> Application::open_for_comparing() {
    auto rows = catalog();
    if (!rows) return forward(rows);
    auto index = open_index(lmdb::Access::read_only);
    if (!index) return forward(index);
    return ingest::Stores{**rows, (*index)->writer()};
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
    index_.reset();
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

ingest::MakeAnalyzer Application::make_analyzer() const {
    return ingest::decoding_analyzer(*decoder_);
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
