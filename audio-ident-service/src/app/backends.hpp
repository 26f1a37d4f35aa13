#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "library/backends.hpp"
#include "library/stored_library.hpp"

namespace audio_ident::app {

/// The only argument of the program when it runs as a decoding process (audio/decode_worker.hpp).
inline constexpr std::string_view kDecodeWorker = "decode-worker";

/// The back ends that the settings name: SQLite or PostgreSQL, LMDB, Qdrant, the models, FFmpeg in a sandbox.
class ChosenBackends final : public library::Backends {
  public:
    explicit ChosenBackends(config::Settings settings);

    bool catalog_exists() const override;
    Result<std::unique_ptr<catalog::Catalog>> open_catalog(const Deadline& deadline) override;
    catalog::DocumentStore& documents() override { return *documents_; }
    Result<std::unique_ptr<catalog::Migrator>> open_migrator() override;
    Result<library::CopyReport> copy(const library::CopyRequest& request, const library::Turn& turn,
                                     library::CopyObserver& observer) override;
    Result<std::unique_ptr<catalog::SharedLock>> lock_shared(const std::string& purpose,
                                                             catalog::SharedLock::Place place,
                                                             const Deadline& deadline) override;
    Result<std::unique_ptr<library::IndexStore>> open_index(library::Access access) override;
    Result<std::unique_ptr<library::IndexStore>> open_stations(library::Access access) override;
    Result<void> erase_index() override;
    std::function<Result<void>(std::span<const TrackId>, const Deadline&)> forget_vectors() const override;
    Result<std::unique_ptr<embedding::Embedder>> open_embedder(const std::string& model) override;
    storage::AudioStore& audio() const override { return *audio_; }
    const audio::Decoder& decoder() const override { return *decoder_; }
    library::SearchThreads& threads() override { return threads_; }
    Result<void> check_still_in_place() const override { return in_place_ ? in_place_() : Result<void>(); }

    /// The check that check_still_in_place() makes. Set it before the library is used.
    void set_check(std::function<Result<void>()> in_place) { in_place_ = std::move(in_place); }

  private:
    /// The file of an embedded catalog.
    std::optional<std::string> catalog_file() const;
    Result<void> make_catalog_folder() const;

    config::Settings settings_;
    std::unique_ptr<catalog::DocumentStore> documents_;
    std::unique_ptr<storage::AudioStore> audio_;
    std::unique_ptr<audio::Decoder> decoder_;
    library::SearchThreads threads_;
    std::function<Result<void>()> in_place_;
};

/// The store of uploads that the settings name.
std::unique_ptr<storage::AudioStore> make_audio_store(const config::Settings& settings);

/// The library's part of the settings.
library::Settings library_settings(const config::Settings& settings);

/// A library over ChosenBackends, which it owns.
std::unique_ptr<library::Library> open_library(const config::Settings& settings);

}  // namespace audio_ident::app
