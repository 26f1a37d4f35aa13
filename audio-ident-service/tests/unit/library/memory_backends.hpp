#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>
#include <string>

#include "catalog/file_documents.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "library/backends.hpp"
#include "storage/folder_store.hpp"
#include "support/fake_catalog.hpp"
#include "support/fake_embedder.hpp"

namespace audio_ident::library::test {

using audio_ident::test::FakeCatalog;
using audio_ident::test::FakeEmbedder;

/// A vector store of a real index.
class LmdbVectors final : public VectorStore {
  public:
    LmdbVectors(index::LmdbIndex& index, const index::VectorSpace& space)
        : vectors_(index.vectors(space)), lanes_(index.both_lanes(space)) {}
    index::VectorIndexReader& reader() override { return vectors_->reader(); }
    index::VectorIndexWriter& writer() override { return vectors_->writer(); }
    index::BothLanesWriter& lanes() override { return *lanes_; }
    void keep_up_to_date() override {}

  private:
    std::unique_ptr<index::LmdbVectorIndex> vectors_;
    std::unique_ptr<index::BothLanesWriter> lanes_;
};

class LmdbIndex final : public IndexStore {
  public:
    explicit LmdbIndex(std::unique_ptr<index::LmdbIndex> index) : index_(std::move(index)) {}
    index::FingerprintIndexReader& reader() override { return index_->reader(); }
    index::FingerprintIndexWriter& writer() override { return index_->writer(); }
    Result<std::unique_ptr<VectorStore>> vectors(const index::VectorSpace& space, const Deadline&) override {
        return std::make_unique<LmdbVectors>(*index_, space);
    }
    Result<std::vector<index::VectorSpace>> vector_spaces(const Deadline& deadline) override {
        return index_->vector_spaces(deadline);
    }
    Result<void> drop_vector_space(const std::string& name, const Deadline& deadline) override {
        return index_->drop_vector_space(name, deadline);
    }

  private:
    std::unique_ptr<index::LmdbIndex> index_;
};

/// Passes calls on to a catalog that outlives it.
class SharedCatalog final : public catalog::Catalog {
  public:
    explicit SharedCatalog(FakeCatalog& rows) : rows_(rows) {}
    using Track = catalog::Track;

    Result<void> insert(const Track& track, const Deadline& deadline) override { return rows_.insert(track, deadline); }
    Result<bool> update(const Track& track, const Deadline& deadline) override { return rows_.update(track, deadline); }
    Result<void> put(std::span<const Track> tracks, const Deadline& deadline) override {
        return rows_.put(tracks, deadline);
    }
    Result<bool> remove(const TrackId& id, const Deadline& deadline) override { return rows_.remove(id, deadline); }
    Result<std::optional<Track>> find(const TrackId& id, const Deadline& deadline) override {
        return rows_.find(id, deadline);
    }
    Result<std::vector<Track>> find_many(std::span<const TrackId> ids, const Deadline& deadline) override {
        return rows_.find_many(ids, deadline);
    }
    Result<std::optional<Track>> find_by_hash(const std::string& sha256, const Deadline& deadline) override {
        return rows_.find_by_hash(sha256, deadline);
    }
    Result<std::optional<Track>> find_by_path(const std::string& path, const Deadline& deadline) override {
        return rows_.find_by_path(path, deadline);
    }
    Result<catalog::TrackPage> list(const catalog::ListQuery& query, const Deadline& deadline) override {
        return rows_.list(query, deadline);
    }
    Result<void> for_each_file(const std::function<void(const catalog::FileRecord&)>& visit,
                               const Deadline& deadline) override {
        return rows_.for_each_file(visit, deadline);
    }
    Result<void> for_each_chromaprint(
        double low, double high,
        const std::function<void(const TrackId&, double duration_seconds, const std::string& fingerprint)>& visit,
        const Deadline& deadline) override {
        return rows_.for_each_chromaprint(low, high, visit, deadline);
    }
    Result<std::int64_t> count(std::optional<catalog::TrackState> state, const Deadline& deadline) override {
        return rows_.count(state, deadline);
    }
    Result<std::int64_t> generation(const Deadline& deadline) override { return rows_.generation(deadline); }
    Result<void> ping(const Deadline& deadline) override { return rows_.ping(deadline); }
    catalog::TimelineStore& timelines() override { return rows_.timelines(); }
    catalog::MonitorStore& monitors() override { return rows_.monitors(); }
    catalog::DeliveryStore& deliveries() override { return rows_.deliveries(); }

  private:
    FakeCatalog& rows_;
};

/// A catalog in memory, documents and a real index in folders, models without weights.
class MemoryBackends final : public Backends {
  public:
    MemoryBackends(std::filesystem::path index_folder, std::filesystem::path data_dir)
        : index_folder_(std::move(index_folder)),
          audio_(storage::make_folder_store(data_dir.parent_path() / "uploads")),
          documents_(std::move(data_dir)) {}

    FakeCatalog rows;
    bool exists = false;
    std::optional<Error> model_failure;  ///< every model fails with this
    std::optional<Error> index_failure;  ///< the index fails with this until it is erased
    std::optional<Error> not_in_place;
    std::vector<std::string> opened;  ///< "catalog", "index, reading", "index, writing", "model NAME"

    bool catalog_exists() const override { return exists; }
    Result<std::unique_ptr<catalog::Catalog>> open_catalog(const Deadline&) override {
        opened.emplace_back("catalog");
        exists = true;
        return std::make_unique<SharedCatalog>(rows);
    }
    catalog::DocumentStore& documents() override { return documents_; }
    Result<std::unique_ptr<catalog::Migrator>> open_migrator() override {
        return fail(ErrorKind::internal, "a catalog in memory has no schema");
    }
    Result<CopyReport> copy(const CopyRequest&, const Turn&, CopyObserver&) override { return CopyReport(); }
    Result<std::unique_ptr<IndexStore>> open_index(Access access) override {
        if (index_failure) return Unexpected(*index_failure);
        const bool writing = access == Access::read_write;
        opened.emplace_back(writing ? "index, writing" : "index, reading");
        auto index = index::LmdbIndex::open(index_folder_, writing ? lmdb::Access::read_write : lmdb::Access::read_only,
                                            threads_.computing);
        if (!index) return forward(index);
        return std::make_unique<LmdbIndex>(std::move(*index));
    }
    Result<std::unique_ptr<IndexStore>> open_stations(Access) override { return std::unique_ptr<IndexStore>(); }
    Result<void> erase_index() override {
        std::filesystem::remove_all(index_folder_);
        index_failure.reset();
        return {};
    }
    std::function<Result<void>(std::span<const TrackId>, const Deadline&)> forget_vectors() const override {
        return {};
    }
    Result<std::unique_ptr<embedding::Embedder>> open_embedder(const std::string& model) override {
        if (model_failure) return Unexpected(*model_failure);
        opened.emplace_back("model " + model);
        return std::make_unique<FakeEmbedder>(model);
    }
    storage::AudioStore& audio() const override { return *audio_; }
    const audio::Decoder& decoder() const override { return *decoder_; }
    SearchThreads& threads() override { return threads_; }
    Result<void> check_still_in_place() const override {
        return not_in_place ? Result<void>(Unexpected(*not_in_place)) : Result<void>();
    }

  private:
    std::filesystem::path index_folder_;
    std::unique_ptr<storage::AudioStore> audio_;
    catalog::FileDocuments documents_;
    SearchThreads threads_;
    std::unique_ptr<audio::Decoder> decoder_ = audio::make_ffmpeg_decoder();
};

}  // namespace audio_ident::library::test
