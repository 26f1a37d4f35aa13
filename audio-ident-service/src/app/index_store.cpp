#include "app/index_store.hpp"

#include <spdlog/spdlog.h>

#include "app/graph_keeper.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "index/both_lanes/separate_lanes.hpp"
#include "index/lmdb/index_environment.hpp"

namespace audio_ident::app {
namespace {

/// Vectors beside the fingerprints.
class LmdbVectorStore final : public library::VectorStore {
  public:
    LmdbVectorStore(index::LmdbIndex& index, const index::VectorSpace& space)
        : vectors_(index.vectors(space)), lanes_(index.both_lanes(space)) {}

    index::VectorIndexReader& reader() override { return vectors_->reader(); }
    index::VectorIndexWriter& writer() override { return vectors_->writer(); }
    index::BothLanesWriter& lanes() override { return *lanes_; }
    void keep_up_to_date() override { keeper_ = std::make_unique<GraphKeeper>(*vectors_); }

  private:
    std::unique_ptr<index::LmdbVectorIndex> vectors_;
    std::unique_ptr<index::BothLanesWriter> lanes_;
    std::unique_ptr<GraphKeeper> keeper_;  ///< refers to vectors_, so it ends before them
};

/// Vectors in Qdrant, which keeps itself up to date.
class QdrantVectorStore final : public library::VectorStore {
  public:
    QdrantVectorStore(index::LmdbIndex& index, std::unique_ptr<index::QdrantVectorIndex> vectors)
        : vectors_(std::move(vectors)), lanes_(index.writer(), vectors_->writer()) {}

    index::VectorIndexReader& reader() override { return vectors_->reader(); }
    index::VectorIndexWriter& writer() override { return vectors_->writer(); }
    index::BothLanesWriter& lanes() override { return lanes_; }
    void keep_up_to_date() override {}

  private:
    std::unique_ptr<index::QdrantVectorIndex> vectors_;
    index::SeparateLanesWriter lanes_;
};

class LmdbIndexStore final : public library::IndexStore {
  public:
    LmdbIndexStore(std::unique_ptr<index::LmdbIndex> index, config::QdrantSettings qdrant)
        : index_(std::move(index)), qdrant_(std::move(qdrant)) {}

    index::FingerprintIndexReader& reader() override { return index_->reader(); }
    index::FingerprintIndexWriter& writer() override { return index_->writer(); }

    Result<std::unique_ptr<library::VectorStore>> vectors(const index::VectorSpace& space,
                                                          const Deadline& deadline) override {
        if (qdrant_.mode == config::StoreMode::embedded) return std::make_unique<LmdbVectorStore>(*index_, space);
        auto opened = index::QdrantVectorIndex::open(qdrant_server(qdrant_), space, deadline);
        if (!opened) return forward(opened);
        return std::make_unique<QdrantVectorStore>(*index_, std::move(*opened));
    }
    Result<std::vector<index::VectorSpace>> vector_spaces(const Deadline& deadline) override {
        return index_->vector_spaces(deadline);
    }
    Result<void> drop_vector_space(const std::string& name, const Deadline& deadline) override {
        return index_->drop_vector_space(name, deadline);
    }

  private:
    std::unique_ptr<index::LmdbIndex> index_;
    config::QdrantSettings qdrant_;
};

lmdb::Access mode_of(library::Access access) {
    return access == library::Access::read_write ? lmdb::Access::read_write : lmdb::Access::read_only;
}

void warn_of_outdated(index::LmdbIndex& index) {
    const auto snapshot = index.reader().snapshot(Deadline());
    if (!snapshot || (*snapshot)->stats().outdated == 0) return;
    const auto& stats = (*snapshot)->stats();
    spdlog::warn(
        "{} of {} tracks have fingerprints of an earlier version, and are found as before; `audio-ident serve` makes "
        "new "
        "ones in the background, `audio-ident rebuild-index --missing` at once",
        stats.outdated, stats.tracks);
}

}  // namespace

index::QdrantServer qdrant_server(const config::QdrantSettings& settings) {
    return {.url = settings.url, .api_key = settings.api_key, .collection_name = settings.collection_name};
}

Result<std::unique_ptr<library::IndexStore>> open_index_store(const config::Settings& settings, library::Access access,
                                                              Executor& executor) {
    auto opened = index::LmdbIndex::open(settings.fingerprint_db_path, mode_of(access), executor);
    if (!opened) return forward(opened);
    warn_of_outdated(**opened);
    return std::make_unique<LmdbIndexStore>(std::move(*opened), settings.qdrant);
}

Result<std::unique_ptr<library::IndexStore>> open_stations_store(const std::filesystem::path& folder,
                                                                 library::Access access, Executor& executor) {
    if (access == library::Access::read_only && !index::IndexEnvironment::has_data(folder))
        return std::unique_ptr<library::IndexStore>();
    auto opened = index::LmdbIndex::open(folder, mode_of(access), executor);
    if (!opened) return forward(opened);
    return std::make_unique<LmdbIndexStore>(std::move(*opened), config::QdrantSettings());
}

}  // namespace audio_ident::app
