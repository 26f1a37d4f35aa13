#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "app/signals.hpp"
#include "app/vectors.hpp"
#include "cli/services.hpp"
#include "config/settings.hpp"
#include "index/fingerprint/lmdb_index.hpp"
#include "library/model_in_service.hpp"

namespace audio_ident::app {

/// The program's only argument when it is to be a process that decodes (audio/decode_worker.hpp).
inline constexpr std::string_view kDecodeWorker = "decode-worker";

/// The commands' services over the real backends that the settings name.
class Application : public cli::Services {
  public:
    Application(config::Settings settings, const Signals& signals);

    std::stop_token stop_token() const override { return signals_.stop_token(); }

    bool library_exists() const override;
    Result<catalog::Catalog*> catalog() override;
    Result<catalog::Migrator*> migrator() override;
    Result<std::int64_t> copy_catalog(const std::string& from, const std::string& to) override;
    Result<index::FingerprintIndexReader*> fingerprints() override;
    Result<const embedding::Embedder*> embedder() override { return model_.now(); }
    Result<const embedding::Embedder*> wanted_embedder() override { return model_.wanted(); }
    Result<void> change_embedder(const util::FileLock& lock) override;
    Result<search::VibeLibrary*> vibe() override;
    Result<search::Calibration> calibration() const override;
    Result<void> store_calibration(const std::optional<search::Calibration>& calibration) override;
    Result<util::FileLock> lock(const std::string& purpose, std::chrono::seconds wait) override;
    Result<ingest::Stores> open_for_writing(const util::FileLock& lock,
                                            const embedding::Embedder* embedder = nullptr) override;
    Result<ingest::Stores> open_for_comparing() override;
    Result<void> check_writable() const override;
    Result<void> erase_fingerprints(const util::FileLock& lock) override;

    Result<void> serve(const cli::ServeOptions& options,
                       const std::function<void(const std::string& url)>& listening) override;

    const audio::Decoder& decoder() const override { return *decoder_; }
    ingest::MakeAnalyzer make_analyzer(const embedding::Embedder* embedder = nullptr) const override;
    ingest::ChromaprintFunctions chromaprint() const override;
    std::filesystem::path duplicate_notes() const override;
    std::vector<std::pair<std::string, bool>> formats() const override;

  private:
    /// Of an embedded catalog.
    std::optional<std::string> catalog_file() const;
    Result<void> make_catalog_folder() const;
    ingest::WaveformStore waveforms() const { return ingest::WaveformStore(settings_.data_dir / "waveforms"); }
    std::filesystem::path calibration_file() const { return settings_.data_dir / "calibration.json"; }
    Result<index::LmdbFingerprintIndex*> open_index(lmdb::Access access);
    Result<std::uint16_t> serve_stores(std::uint16_t port,
                                       const std::function<void(const std::string& url)>& listening);
    void close_index();
    Result<std::unique_ptr<embedding::Embedder>> open_embedder(const std::string& model) const;
    /// Makes vectors_.
    Result<Vectors*> open_vectors(index::LmdbFingerprintIndex& index, const embedding::Model& model);

    config::Settings settings_;
    const Signals& signals_;
    std::unique_ptr<audio::Decoder> decoder_;
    std::unique_ptr<catalog::Catalog> catalog_;
    std::unique_ptr<catalog::Migrator> migrator_;
    library::ModelInService model_;
    std::unique_ptr<index::LmdbFingerprintIndex> index_;
    // Of index_: gone before it.
    std::unique_ptr<Vectors> vectors_;
    std::unique_ptr<search::VibeLibrary> vibe_;
};

}  // namespace audio_ident::app
