#include "app/index_store.hpp"

#include <chrono>
#include <spdlog/spdlog.h>
#include <system_error>

#include "app/graph_keeper.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "index/both_lanes/separate_lanes.hpp"
#include "index/fingerprint/forwarding_writer.hpp"
#include "index/fingerprint/postgres_fingerprint_index.hpp"
#include "index/lmdb/index_environment.hpp"
#include "util/url.hpp"

namespace audio_ident::app {
namespace {

constexpr auto kLongestOpening = std::chrono::seconds(30);

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

/// Vectors in LMDB, apart from the fingerprints.
class SeparateLmdbVectorStore final : public library::VectorStore {
  public:
    SeparateLmdbVectorStore(index::FingerprintIndexWriter& fingerprints, const index::LmdbIndex& index,
                            const index::VectorSpace& space)
        : vectors_(index.vectors(space)), lanes_(fingerprints, vectors_->writer()) {}

    index::VectorIndexReader& reader() override { return vectors_->reader(); }
    index::VectorIndexWriter& writer() override { return vectors_->writer(); }
    index::BothLanesWriter& lanes() override { return lanes_; }
    void keep_up_to_date() override { keeper_ = std::make_unique<GraphKeeper>(*vectors_); }

  private:
    std::unique_ptr<index::LmdbVectorIndex> vectors_;
    index::SeparateLanesWriter lanes_;
    std::unique_ptr<GraphKeeper> keeper_;  ///< refers to vectors_, so it ends before them
};

/// Vectors in Qdrant, which keeps itself up to date.
class QdrantVectorStore final : public library::VectorStore {
  public:
    QdrantVectorStore(index::FingerprintIndexWriter& fingerprints, std::unique_ptr<index::QdrantVectorIndex> vectors)
        : vectors_(std::move(vectors)), lanes_(fingerprints, vectors_->writer()) {}

    index::VectorIndexReader& reader() override { return vectors_->reader(); }
    index::VectorIndexWriter& writer() override { return vectors_->writer(); }
    index::BothLanesWriter& lanes() override { return lanes_; }
    void keep_up_to_date() override {}

  private:
    std::unique_ptr<index::QdrantVectorIndex> vectors_;
    index::SeparateLanesWriter lanes_;
};

Result<std::unique_ptr<library::VectorStore>> open_qdrant(const config::QdrantSettings& qdrant,
                                                          index::FingerprintIndexWriter& fingerprints,
                                                          const index::VectorSpace& space, const Deadline& deadline) {
    auto opened = index::QdrantVectorIndex::open(qdrant_server(qdrant), space, deadline);
    if (!opened) return forward(opened);
    return std::make_unique<QdrantVectorStore>(fingerprints, std::move(*opened));
}

class LmdbIndexStore final : public library::IndexStore {
  public:
    LmdbIndexStore(std::unique_ptr<index::LmdbIndex> index, config::QdrantSettings qdrant)
        : index_(std::move(index)), qdrant_(std::move(qdrant)) {}

    index::FingerprintIndexReader& reader() override { return index_->reader(); }
    index::FingerprintIndexWriter& writer() override { return index_->writer(); }

    Result<std::unique_ptr<library::VectorStore>> vectors(const index::VectorSpace& space,
                                                          const Deadline& deadline) override {
        if (qdrant_.mode == config::StoreMode::embedded) return std::make_unique<LmdbVectorStore>(*index_, space);
        return open_qdrant(qdrant_, index_->writer(), space, deadline);
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

/// Fingerprints in PostgreSQL; vectors in Qdrant, or in an LMDB environment that is there for them alone.
class PostgresIndexStore final : public library::IndexStore {
  public:
    /// `vectors`: nullptr when they are in Qdrant.
    PostgresIndexStore(std::unique_ptr<index::PostgresFingerprintIndex> fingerprints,
                       std::unique_ptr<index::LmdbIndex> vectors, config::QdrantSettings qdrant)
        : fingerprints_(std::move(fingerprints)),
          vectors_(std::move(vectors)),
          qdrant_(std::move(qdrant)),
          writer_(fingerprints_->writer(), vectors_.get()) {}

    index::FingerprintIndexReader& reader() override { return fingerprints_->reader(); }
    index::FingerprintIndexWriter& writer() override { return writer_; }
    Cached cached() override {
        return {fingerprints_->generation(), fingerprints_->cached_bytes(), fingerprints_->copied_bytes()};
    }

    Result<std::unique_ptr<library::VectorStore>> vectors(const index::VectorSpace& space,
                                                          const Deadline& deadline) override {
        if (vectors_) return std::make_unique<SeparateLmdbVectorStore>(writer_, *vectors_, space);
        return open_qdrant(qdrant_, writer_, space, deadline);
    }
    Result<std::vector<index::VectorSpace>> vector_spaces(const Deadline& deadline) override {
        if (!vectors_) return std::vector<index::VectorSpace>();
        return vectors_->vector_spaces(deadline);
    }
    Result<void> drop_vector_space(const std::string& name, const Deadline& deadline) override {
        return vectors_ ? vectors_->drop_vector_space(name, deadline) : Result<void>();
    }

  private:
    /// Removes the vectors first: searches never find vectors without a track.
    class RemovingWriter final : public index::ForwardingWriter {
      public:
        RemovingWriter(index::FingerprintIndexWriter& fingerprints, index::LmdbIndex* vectors)
            : ForwardingWriter(fingerprints), vectors_(vectors) {}

        Result<std::size_t> remove(std::span<const TrackId> ids, const Deadline& deadline) override {
            if (vectors_) {
                if (auto removed = vectors_->writer().remove(ids, deadline); !removed) return removed;
            }
            return ForwardingWriter::remove(ids, deadline);
        }

      private:
        index::LmdbIndex* vectors_;
    };

    std::unique_ptr<index::PostgresFingerprintIndex> fingerprints_;
    std::unique_ptr<index::LmdbIndex> vectors_;
    config::QdrantSettings qdrant_;
    RemovingWriter writer_;
};

lmdb::Access mode_of(library::Access access) {
    return access == library::Access::read_write ? lmdb::Access::read_write : lmdb::Access::read_only;
}

void warn_of_outdated(index::FingerprintIndexReader& reader) {
    const auto snapshot = reader.snapshot(Deadline());
    if (!snapshot || (*snapshot)->stats().outdated == 0) return;
    const auto& stats = (*snapshot)->stats();
    spdlog::warn(
        "{} of {} tracks have fingerprints of an earlier version, and are found as before; `audio-ident serve` makes "
        "new "
        "ones in the background, `audio-ident rebuild-index --missing` at once",
        stats.outdated, stats.tracks);
}

/// An LMDB environment for vectors. One that is missing is made even for reading: it has no vectors, which is no error.
Result<std::unique_ptr<index::LmdbIndex>> open_vectors(const std::filesystem::path& folder, library::Access access,
                                                       Executor& executor) {
    const bool there = index::IndexEnvironment::has_data(folder);
    return index::LmdbIndex::open(folder, there ? mode_of(access) : lmdb::Access::read_write, executor);
}

Result<std::unique_ptr<library::IndexStore>> open_postgres_store(const config::Settings& settings,
                                                                 library::Access access, Executor& executor) {
    using Index = index::PostgresFingerprintIndex;
    Index::Settings server{.url = settings.catalog.url, .cache_bytes = settings.fingerprints.cache_bytes};
    if (settings.fingerprints.copy_bytes > 0) {
        server.copy = {.folder = settings.data_dir / "fingerprint-cache",
                       .most_bytes = settings.fingerprints.copy_bytes,
                       .executor = &executor,
                       .warn = [](const std::string& message) { spdlog::warn("{}", message); }};
    }
    auto opened =
        Index::open(server, access == library::Access::read_write ? Index::IfMissing::create : Index::IfMissing::refuse,
                    Deadline::after(kLongestOpening));
    if (!opened) return forward(opened);
    std::unique_ptr<index::LmdbIndex> vectors;
    if (settings.qdrant.mode == config::StoreMode::embedded) {
        auto beside = open_vectors(settings.fingerprint_db_path, access, executor);
        if (!beside) return forward(beside);
        vectors = std::move(*beside);
    }
    warn_of_outdated((*opened)->reader());
    return std::make_unique<PostgresIndexStore>(std::move(*opened), std::move(vectors), settings.qdrant);
}

}  // namespace

index::QdrantServer qdrant_server(const config::QdrantSettings& settings) {
    return {.url = settings.url,
            .api_key = settings.api_key,
            .collection_name = settings.collection_name,
            .replication = {.shard_number = settings.shard_number,
                            .replication_factor = settings.replication_factor,
                            .write_consistency_factor = settings.write_consistency_factor}};
}

Result<std::unique_ptr<library::IndexStore>> open_index_store(const config::Settings& settings, library::Access access,
                                                              Executor& executor) {
    if (settings.fingerprints.store == config::FingerprintStore::postgresql)
        return open_postgres_store(settings, access, executor);
    auto opened = index::LmdbIndex::open(settings.fingerprint_db_path, mode_of(access), executor);
    if (!opened) return forward(opened);
    warn_of_outdated((*opened)->reader());
    return std::make_unique<LmdbIndexStore>(std::move(*opened), settings.qdrant);
}

bool uses_lmdb(const config::Settings& settings) {
    return settings.fingerprints.store == config::FingerprintStore::lmdb ||
           settings.qdrant.mode == config::StoreMode::embedded;
}

std::string index_location(const config::Settings& settings) {
    if (settings.fingerprints.store == config::FingerprintStore::lmdb) return settings.fingerprint_db_path.string();
    return util::mask_url(settings.catalog.url);
}

Result<void> erase_index_store(const config::Settings& settings) {
    if (settings.fingerprints.store == config::FingerprintStore::postgresql) {
        const auto deadline = Deadline::after(kLongestOpening);
        if (auto erased = index::PostgresFingerprintIndex::erase(settings.catalog.url, deadline); !erased)
            return erased;
    }
    if (!uses_lmdb(settings)) return {};
    for (const char* name : {"data.mdb", "lock.mdb"}) {
        const auto file = settings.fingerprint_db_path / name;
        std::error_code error;
        std::filesystem::remove(file, error);
        if (error) return fail(ErrorKind::not_available, "cannot remove {}: {}", file.string(), error.message());
    }
    return {};
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
