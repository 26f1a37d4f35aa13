#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "ingest/commit/remove_tracks.hpp"
#include "library/backends.hpp"
#include "library/model_in_service.hpp"
#include "search/calibration.hpp"
#include "search/vibe_library.hpp"

namespace audio_ident::library {

/// Where a library keeps its own files, and its settings.
struct Settings {
    std::filesystem::path data_dir;
    std::filesystem::path uploads;  ///< uploaded files are stored here, by content
    std::string model;              ///< the model that the vibe lane should use
    unsigned threads = 0;           ///< for work on many files at once; 0: one for each core
};

/// The stores of a StoredLibrary. Each is opened when it is first requested, and stays open. Pointers are valid as long
/// as this object; those to the index and what refers to it only until replace_index(), or until for_writing() opens it
/// again. Thread-safe.
class OpenStores {
  public:
    /// `backends` outlives it.
    OpenStores(Backends& backends, Settings settings);

    const Settings& settings() const { return settings_; }
    Backends& backends() const { return backends_; }
    ModelInService& models() { return models_; }

    bool library_exists() const;
    /// Fails with not_available while there is no library.
    Result<catalog::Catalog*> catalog(const Deadline& deadline);
    /// Makes a catalog if there is none.
    Result<catalog::Catalog*> make_catalog(const Deadline& deadline);
    Result<catalog::Migrator*> migrator();
    Result<IndexStore*> index(Access access = Access::read_only);
    /// As Backends::open_stations(); stays open as first opened.
    Result<IndexStore*> stations(Access access = Access::read_only);
    /// The vectors of the model in service, and that model. Fails and names what is missing. It looks again only after
    /// a minute, because loading a damaged model takes seconds.
    Result<search::VibeLibrary*> vibe(const Deadline& deadline);
    Result<const embedding::Embedder*> embedder_in_service();
    Result<const embedding::Embedder*> wanted_embedder();
    Result<VectorStore*> vectors(const index::VectorSpace& space, const Deadline& deadline);
    /// The calibration measured on this library, or the default. Read once, and after forget_measurements().
    Result<search::Calibration> calibration();
    /// nullopt restores the default.
    Result<void> store_calibration(const std::optional<search::Calibration>& calibration);

    /// Opens the stores for writing, and makes those that are missing; for both lanes if there is an embedder. The
    /// caller holds the lock.
    Result<ingest::Stores> for_writing(const embedding::Embedder* embedder, const Deadline& deadline);
    Result<ingest::Stores> for_comparing(const Deadline& deadline);
    /// Puts a model in service when nearly all tracks have its vectors, and drops the vectors that nobody uses any
    /// more. Takes effect in the vibe() of the next OpenStores. Fails with not_available while too few tracks have its
    /// vectors. The caller holds the lock.
    Result<void> change_model(const embedding::Model& model, const Deadline& deadline);
    /// Removes the index, whatever it contains. The next call that needs one makes it.
    Result<void> replace_index();

    catalog::DocumentStore& documents() const { return backends_.documents(); }
    /// Where uploads are when that is a server; null: all files are where the catalog says.
    storage::AudioStore* shared_audio() const {
        auto& audio = backends_.audio();
        return audio.is_shared() ? &audio : nullptr;
    }
    /// Another program has stored a calibration or a scale of similarity: reads them again.
    void forget_measurements();
    ingest::WaveformStore waveforms() const { return ingest::WaveformStore(documents()); }
    std::filesystem::path lock_file() const { return settings_.data_dir / "lock"; }

  private:
    Result<catalog::Catalog*> open_catalog(const Deadline& deadline);
    Result<IndexStore*> open_index(Access access);
    Result<VectorStore*> open_vectors(const index::VectorSpace& space, const Deadline& deadline);
    Result<std::unique_ptr<search::VibeLibrary>> open_vibe(const embedding::Embedder& embedder,
                                                           const Deadline& deadline);
    void close_index();

    Backends& backends_;
    Settings settings_;
    mutable std::mutex mutex_;
    std::unique_ptr<catalog::Catalog> catalog_;
    std::unique_ptr<catalog::Migrator> migrator_;
    ModelInService models_;
    std::unique_ptr<IndexStore> index_;
    Access access_ = Access::read_only;
    std::unique_ptr<IndexStore> stations_;
    std::map<std::string, std::unique_ptr<VectorStore>> vectors_;  ///< by space; they refer to index_
    std::unique_ptr<search::VibeLibrary> vibe_;
    std::optional<Error> vibe_failure_;
    std::chrono::steady_clock::time_point vibe_retry_at_;
    std::optional<search::Calibration> calibration_;
};

}  // namespace audio_ident::library
