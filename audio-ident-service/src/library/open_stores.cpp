#include "library/open_stores.hpp"

#include <utility>

namespace audio_ident::library {
namespace {

// After a failure, until the next try: to read a model takes long; a store may come back at any time.
constexpr auto kModelRetry = std::chrono::minutes(1);
constexpr auto kStoreRetry = std::chrono::seconds(1);

Deadline soon() {
    return Deadline::after(std::chrono::seconds(10));
}

}  // namespace

OpenStores::OpenStores(Backends& backends, Settings settings)
    : backends_(backends),
      settings_(std::move(settings)),
      models_(backends_.documents(), settings_.model,
              [this](const std::string& model) { return backends_.open_embedder(model); }) {}

bool OpenStores::library_exists() const {
    return backends_.catalog_exists();
}

Result<catalog::Catalog*> OpenStores::catalog(const Deadline& deadline) {
    const std::lock_guard lock(mutex_);
    if (!catalog_ && !backends_.catalog_exists()) {
        return fail(ErrorKind::not_available,
                    "there is no library in {} yet; make one with `audio-ident ingest FOLDER`",
                    settings_.data_dir.string());
    }
    return open_catalog(deadline);
}

Result<catalog::Catalog*> OpenStores::make_catalog(const Deadline& deadline) {
    const std::lock_guard lock(mutex_);
    return open_catalog(deadline);
}

Result<catalog::Catalog*> OpenStores::open_catalog(const Deadline& deadline) {
    if (!catalog_) {
        auto opened = backends_.open_catalog(deadline);
        if (!opened) return forward(opened);
        catalog_ = std::move(*opened);
    }
    return catalog_.get();
}

Result<catalog::Migrator*> OpenStores::migrator() {
    const std::lock_guard lock(mutex_);
    if (!migrator_) {
        auto opened = backends_.open_migrator();
        if (!opened) return forward(opened);
        migrator_ = std::move(*opened);
    }
    return migrator_.get();
}

Result<IndexStore*> OpenStores::index(Access access) {
    const std::lock_guard lock(mutex_);
    return open_index(access);
}

Result<IndexStore*> OpenStores::open_index(Access access) {
    if (index_ && access == Access::read_write && access_ == Access::read_only) close_index();
    if (!index_) {
        auto opened = backends_.open_index(access);
        if (!opened) return forward(opened);
        index_ = std::move(*opened);
        access_ = access;
    }
    return index_.get();
}

Result<IndexStore*> OpenStores::stations(Access access) {
    const std::lock_guard lock(mutex_);
    if (!stations_) {
        auto opened = backends_.open_stations(access);
        if (!opened) return forward(opened);
        stations_ = std::move(*opened);
    }
    return stations_.get();
}

void OpenStores::close_index() {
    vibe_.reset();
    vectors_.clear();
    index_.reset();
}

Result<VectorStore*> OpenStores::vectors(const index::VectorSpace& space, const Deadline& deadline) {
    const std::lock_guard lock(mutex_);
    return open_vectors(space, deadline);
}

Result<VectorStore*> OpenStores::open_vectors(const index::VectorSpace& space, const Deadline& deadline) {
    const auto index = open_index(Access::read_only);
    if (!index) return forward(index);
    auto& store = vectors_[space.name];
    if (!store) {
        auto opened = (*index)->vectors(space, deadline);
        if (!opened) return forward(opened);
        store = std::move(*opened);
    }
    return store.get();
}

Result<const embedding::Embedder*> OpenStores::embedder_in_service() {
    const std::lock_guard lock(mutex_);
    return models_.now();
}

Result<const embedding::Embedder*> OpenStores::wanted_embedder() {
    const std::lock_guard lock(mutex_);
    return models_.wanted();
}

Result<search::VibeLibrary*> OpenStores::vibe(const Deadline& deadline) {
    const std::lock_guard lock(mutex_);
    if (vibe_) return vibe_.get();
    const auto now = std::chrono::steady_clock::now();
    if (vibe_failure_ && now < vibe_retry_at_) return Unexpected(*vibe_failure_);
    const auto failed = [&](const Error& error, std::chrono::steady_clock::duration retry) {
        if (error.kind != ErrorKind::timeout) vibe_failure_ = error;
        vibe_retry_at_ = now + retry;
        return Unexpected(error);
    };
    const auto embedder = models_.now();
    if (!embedder) return failed(embedder.error(), kModelRetry);
    auto opened = open_vibe(**embedder, deadline);
    if (!opened) return failed(opened.error(), kStoreRetry);
    vibe_ = std::move(*opened);
    return vibe_.get();
}

Result<std::unique_ptr<search::VibeLibrary>> OpenStores::open_vibe(const embedding::Embedder& embedder,
                                                                   const Deadline& deadline) {
    const auto rows = open_catalog(deadline);
    if (!rows) return forward(rows);
    const auto& model = embedder.model();
    const auto store = open_vectors({model.space(), model.dimension}, deadline);
    if (!store) return forward(store);
    return std::make_unique<search::VibeLibrary>(**rows, (*store)->reader(), embedder, documents());
}

Result<search::Calibration> OpenStores::calibration() {
    const std::lock_guard lock(mutex_);
    if (!calibration_) {
        auto stored = search::read_calibration(documents(), soon());
        if (!stored) return forward(stored);
        calibration_ = stored->value_or(search::Calibration{});
    }
    return *calibration_;
}

Result<void> OpenStores::store_calibration(const std::optional<search::Calibration>& calibration) {
    const std::lock_guard lock(mutex_);
    calibration_.reset();
    if (calibration) return search::write_calibration(documents(), *calibration, soon());
    const auto removed = documents().remove(search::kCalibrationDocument, soon());
    return removed ? Result<void>() : forward(removed);
}

void OpenStores::forget_measurements() {
    const std::lock_guard lock(mutex_);
    calibration_.reset();
    if (vibe_) vibe_->forget_scale();
}

Result<ingest::Stores> OpenStores::for_writing(const embedding::Embedder* embedder, const Deadline& deadline) {
    const std::lock_guard lock(mutex_);
    const auto rows = open_catalog(deadline);
    if (!rows) return forward(rows);
    const auto index = open_index(Access::read_write);
    if (!index) return forward(index);
    ingest::Stores stores{.catalog = **rows,
                          .fingerprints = (*index)->writer(),
                          .waveforms = waveforms(),
                          .forget_vectors = backends_.forget_vectors(),
                          .audio = shared_audio()};
    if (!embedder) return stores;
    const auto& model = embedder->model();
    const auto store = open_vectors({model.space(), model.dimension}, deadline);
    if (!store) return forward(store);
    if (auto begun = models_.begin(model); !begun) return forward(begun);
    stores.lanes = &(*store)->lanes();
    stores.vectors = &(*store)->writer();
    return stores;
}

Result<ingest::Stores> OpenStores::for_comparing(const Deadline& deadline) {
    const auto rows = catalog(deadline);
    if (!rows) return forward(rows);
    const auto opened = index();
    if (!opened) return forward(opened);
    return ingest::Stores{
        .catalog = **rows, .fingerprints = (*opened)->writer(), .waveforms = waveforms(), .audio = shared_audio()};
}

Result<void> OpenStores::change_model(const embedding::Model& model, const Deadline& deadline) {
    const std::lock_guard lock(mutex_);
    const auto index = open_index(Access::read_write);
    if (!index) return forward(index);
    const auto read = models_.record();
    if (!read) return forward(read);
    const auto& before = *read;
    const auto count = [&](const index::VectorSpace& space) -> Result<std::uint64_t> {
        const auto store = open_vectors(space, deadline);
        if (!store) return forward(store);
        const auto stats = (*store)->reader().stats(deadline);
        if (!stats) return forward(stats);
        return stats->tracks;
    };
    if (auto changed = models_.change_to(model, count); !changed) return changed;
    const auto spaces = (*index)->vector_spaces(deadline);
    if (!spaces) return forward(spaces);
    for (const auto& space : *spaces) {
        // A running service may still use the space before this one, but nobody uses older ones.
        if (space.name == model.space() || (before && space.name == before->space.name)) continue;
        vectors_.erase(space.name);
        if (auto dropped = (*index)->drop_vector_space(space.name, deadline); !dropped) return dropped;
    }
    return {};
}

Result<void> OpenStores::replace_index() {
    const std::lock_guard lock(mutex_);
    close_index();
    return backends_.erase_index();
}

}  // namespace audio_ident::library
