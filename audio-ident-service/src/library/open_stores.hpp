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

/// Where a library keeps its own files, and how it works.
struct Settings {
    std::filesystem::path data_dir;
    std::filesystem::path uploads;  ///< uploaded files are stored here, by content
    std::string model;              ///< that the vibe lane shall work with
    unsigned threads = 0;           ///< for many files at once; 0: one a core
};

/// The stores of a StoredLibrary: each is opened when it is first asked for and stays open. Pointers live as long as
/// this object, those to the index and what refers to it until replace_index() or until for_writing() opens it anew.
/// Thread-safe.
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
    /// Makes one where there is none.
    Result<catalog::Catalog*> make_catalog(const Deadline& deadline);
    Result<catalog::Migrator*> migrator();
    Result<IndexStore*> index(Access access = Access::read_only);
    /// The vectors of the model in service, and that model. Fails with what is missing; that is looked for again after
    /// a minute, as a damaged model takes seconds to load in vain.
    Result<search::VibeLibrary*> vibe(const Deadline& deadline);
    Result<const embedding::Embedder*> embedder_in_service();
    Result<const embedding::Embedder*> wanted_embedder();
    Result<VectorStore*> vectors(const index::VectorSpace& space, const Deadline& deadline);
    /// As measured on this library, or as shipped. Read once.
    Result<search::Calibration> calibration();
    /// nullopt forgets what was measured.
    Result<void> store_calibration(const std::optional<search::Calibration>& calibration);

    /// Makes what is missing. With an embedder: for both lanes. The caller holds the lock.
    Result<ingest::Stores> for_writing(const embedding::Embedder* embedder, const Deadline& deadline);
    Result<ingest::Stores> for_comparing(const Deadline& deadline);
    /// Puts a model in service that nearly all tracks have vectors of, and drops the vectors that nobody uses any more.
    /// It shows in vibe() of the next OpenStores. Fails with not_available while too few tracks have vectors of it. The
    /// caller holds the lock.
    Result<void> change_model(const embedding::Model& model, const Deadline& deadline);
    /// Removes the index whatever is in it; the next call that needs one makes it.
    Result<void> replace_index();

    ingest::WaveformStore waveforms() const { return ingest::WaveformStore(settings_.data_dir / "waveforms"); }
    std::filesystem::path duplicate_notes() const { return settings_.data_dir / "duplicates"; }
    std::filesystem::path calibration_file() const { return settings_.data_dir / "calibration.json"; }
    std::filesystem::path lock_file() const { return settings_.data_dir / "lock"; }

  private:
    Result<catalog::Catalog*> open_catalog(const Deadline& deadline);
    Result<IndexStore*> open_index(Access access);
    Result<VectorStore*> open_vectors(const index::VectorSpace& space, const Deadline& deadline);
    Result<std::unique_ptr<search::VibeLibrary>> open_vibe(const Deadline& deadline);
    void close_index();

    Backends& backends_;
    Settings settings_;
    mutable std::mutex mutex_;
    std::unique_ptr<catalog::Catalog> catalog_;
    std::unique_ptr<catalog::Migrator> migrator_;
    ModelInService models_;
    std::unique_ptr<IndexStore> index_;
    Access access_ = Access::read_only;
    std::map<std::string, std::unique_ptr<VectorStore>> vectors_;  ///< by space; they refer to index_
    std::unique_ptr<search::VibeLibrary> vibe_;
    std::optional<Error> vibe_failure_;
    std::chrono::steady_clock::time_point vibe_failed_at_;
    std::optional<search::Calibration> calibration_;
};

}  // namespace audio_ident::library
