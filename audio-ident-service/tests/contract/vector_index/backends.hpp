#pragma once

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "core/uuid.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "index/vector/qdrant_vector_index.hpp"
#include "support/executor.hpp"
#include "support/qdrant_server.hpp"
#include "support/temp_folder.hpp"
#include "support/vectors.hpp"

namespace audio_ident::test {

/// An open index of any kind.
class OpenVectorIndex {
  public:
    virtual ~OpenVectorIndex() = default;
    virtual index::VectorIndexReader& reader() = 0;
    virtual index::VectorIndexWriter& writer() = 0;
};

/// An empty store of one kind, for one test.
class TestVectorStore {
  public:
    virtual ~TestVectorStore() = default;
    /// Opens the store as a program does, one space at a time.
    virtual Result<std::unique_ptr<OpenVectorIndex>> open(const index::VectorSpace& space) = 0;
    /// Why this backend cannot be tested here; nullopt when it can.
    virtual std::optional<std::string> absent() const { return std::nullopt; }
};

class LmdbTestVectorStore : public TestVectorStore {
  public:
    Result<std::unique_ptr<OpenVectorIndex>> open(const index::VectorSpace& space) override {
        auto index = index::LmdbIndex::open(folder_.path(), lmdb::Access::read_write, executor());
        if (!index) return forward(index);
        auto vectors = (*index)->vectors(space);
        return std::make_unique<Open>(std::move(*index), std::move(vectors));
    }

  private:
    struct Open : OpenVectorIndex {
        Open(std::unique_ptr<index::LmdbIndex> i, std::unique_ptr<index::LmdbVectorIndex> v)
            : index(std::move(i)), vectors(std::move(v)) {}
        index::VectorIndexReader& reader() override { return vectors->reader(); }
        index::VectorIndexWriter& writer() override { return vectors->writer(); }
        std::unique_ptr<index::LmdbIndex> index;
        std::unique_ptr<index::LmdbVectorIndex> vectors;
    };
    TempFolder folder_;
};

/// A store with a graph from the first chunk on. The graph is updated before every other read, so half of the reads
/// find it outdated.
class GraphTestVectorStore : public TestVectorStore {
  public:
    Result<std::unique_ptr<OpenVectorIndex>> open(const index::VectorSpace& space) override {
        auto index = index::LmdbIndex::open(folder_.path(), lmdb::Access::read_write, executor());
        if (!index) return forward(index);
        auto vectors = (*index)->vectors(space, 1);
        return std::make_unique<Open>(std::move(*index), std::move(vectors));
    }

  private:
    struct Open : OpenVectorIndex {
        Open(std::unique_ptr<index::LmdbIndex> i, std::unique_ptr<index::LmdbVectorIndex> v)
            : index(std::move(i)), vectors(std::move(v)) {}
        index::VectorIndexReader& reader() override {
            if (reads++ % 2 == 1) {
                const auto state = vectors->update_graph(Deadline());
                if (!state) throw std::runtime_error(state.error().message);
            }
            return vectors->reader();
        }
        index::VectorIndexWriter& writer() override { return vectors->writer(); }
        std::unique_ptr<index::LmdbIndex> index;
        std::unique_ptr<index::LmdbVectorIndex> vectors;
        int reads = 0;
    };
    TempFolder folder_;
};

class QdrantTestVectorStore : public TestVectorStore {
  public:
    std::optional<std::string> absent() const override {
        return QdrantServer::program() ? std::nullopt : std::optional<std::string>(QdrantServer::kAbsent);
    }
    Result<std::unique_ptr<OpenVectorIndex>> open(const index::VectorSpace& space) override {
        auto index = index::QdrantVectorIndex::open({.url = QdrantServer::shared().url(), .collection_name = name_},
                                                    space, Deadline::after(std::chrono::seconds(60)));
        if (!index) return forward(index);
        return std::make_unique<Open>(std::move(*index));
    }

  private:
    struct Open : OpenVectorIndex {
        explicit Open(std::unique_ptr<index::QdrantVectorIndex> i) : index(std::move(i)) {}
        index::VectorIndexReader& reader() override { return index->reader(); }
        index::VectorIndexWriter& writer() override { return index->writer(); }
        std::unique_ptr<index::QdrantVectorIndex> index;
    };
    const std::string name_ = "test-" + Uuid::random().to_string();
};

struct VectorBackend {
    const char* name;
    std::function<std::unique_ptr<TestVectorStore>()> create;
};
inline void PrintTo(const VectorBackend& backend, std::ostream* out) {
    *out << backend.name;
}

inline std::vector<VectorBackend> all_backends() {
    return {
        {"Lmdb", [] { return std::make_unique<LmdbTestVectorStore>(); }},
        {"LmdbGraph", [] { return std::make_unique<GraphTestVectorStore>(); }},
        {"Qdrant", [] { return std::make_unique<QdrantTestVectorStore>(); }},
    };
}

constexpr unsigned kDimension = 48;
/// The error that a store may make because it keeps 8 bits per number.
constexpr double kCosineError = 0.006;

/// A test with an index and the model of its expected content.
class VectorIndexTest : public testing::TestWithParam<VectorBackend> {
  protected:
    void SetUp() override {
        if (const auto why = store_->absent()) GTEST_SKIP() << *why;
        open();
    }
    void open(const index::VectorSpace& space = {"model@1", kDimension}) {
        index_.reset();
        auto opened = store_->open(space);
        ASSERT_TRUE(opened) << opened.error().message;
        index_ = std::move(*opened);
    }
    index::VectorIndexWriter& writer() { return index_->writer(); }
    index::VectorIndexReader& reader() { return index_->reader(); }

    void add(const std::vector<index::TrackVectors>& tracks) {
        const auto added = writer().add(tracks, deadline_);
        ASSERT_TRUE(added) << added.error().message;
        for (const auto& track : tracks) {
            if (track.start_seconds.empty()) model_.erase(track.id);
            else model_[track.id] = track;
        }
    }
    void remove(const std::vector<TrackId>& ids) {
        const auto removed = writer().remove(ids, deadline_);
        ASSERT_TRUE(removed) << removed.error().message;
        for (const TrackId& id : ids) model_.erase(id);
    }

    /// Every chunk of the model, ordered by cosine, best first.
    std::vector<index::VectorHit> ranking(std::span<const float> query, const std::vector<TrackId>& without) const {
        std::vector<index::VectorHit> hits;
        for (const auto& [id, track] : model_) {
            if (std::find(without.begin(), without.end(), id) != without.end()) continue;
            for (std::size_t i = 0; i < track.start_seconds.size(); ++i) {
                const auto row = std::span(track.values).subspan(i * query.size(), query.size());
                hits.push_back({id, track.start_seconds[i], cosine(query, row)});
            }
        }
        std::sort(hits.begin(), hits.end(), [](const auto& a, const auto& b) { return a.cosine > b.cosine; });
        return hits;
    }

    /// Checks that the index finds what the model contains, in the same order as far as the store's precision allows.
    void expect_finds(const std::vector<std::vector<float>>& queries, std::size_t count,
                      const std::vector<TrackId>& without = {}) {
        std::vector<float> rows;
        for (const auto& query : queries) rows.insert(rows.end(), query.begin(), query.end());
        const auto found = reader().nearest(rows, count, without, deadline_);
        ASSERT_TRUE(found) << found.error().message;
        ASSERT_EQ(found->size(), queries.size());
        for (std::size_t q = 0; q < queries.size(); ++q) {
            const auto expected = ranking(queries[q], without);
            ASSERT_EQ((*found)[q].size(), std::min(count, expected.size()));
            for (std::size_t i = 0; i < (*found)[q].size(); ++i) {
                const index::VectorHit& hit = (*found)[q][i];
                EXPECT_NEAR(hit.cosine, expected[i].cosine, kCosineError);
                const auto same = std::find_if(expected.begin(), expected.end(), [&](const auto& other) {
                    return other.track == hit.track && other.start_seconds == hit.start_seconds;
                });
                ASSERT_NE(same, expected.end());
                EXPECT_NEAR(hit.cosine, same->cosine, kCosineError);
            }
        }
    }
    /// Checks that the index agrees with the model.
    void expect_model() {
        auto ids = writer().tracks(deadline_);
        ASSERT_TRUE(ids) << ids.error().message;
        std::sort(ids->begin(), ids->end());
        std::vector<TrackId> expected;
        std::size_t chunks = 0;
        for (const auto& [id, track] : model_) {
            expected.push_back(id);
            chunks += track.start_seconds.size();
        }
        EXPECT_EQ(*ids, expected);
        const auto stats = reader().stats(deadline_);
        ASSERT_TRUE(stats) << stats.error().message;
        EXPECT_EQ(stats->tracks, expected.size());
        EXPECT_EQ(stats->vectors, chunks);
        const auto stored = reader().vectors(expected, deadline_);
        ASSERT_TRUE(stored) << stored.error().message;
        ASSERT_EQ(stored->size(), expected.size());
        for (const auto& track : *stored) {
            const auto& same = model_.at(track.id);
            EXPECT_EQ(track.start_seconds, same.start_seconds);
            ASSERT_EQ(track.values.size(), same.values.size());
            for (std::size_t i = 0; i < track.start_seconds.size(); ++i) {
                const auto row = [&](const auto& t) { return std::span(t.values).subspan(i * kDimension, kDimension); };
                EXPECT_NEAR(cosine(row(track), row(same)), 1, 0.001);
            }
        }
        expect_finds({random_unit(1, kDimension), random_unit(2, kDimension)}, 7);
    }

    std::unique_ptr<TestVectorStore> store_ = GetParam().create();
    std::unique_ptr<OpenVectorIndex> index_;
    std::map<TrackId, index::TrackVectors> model_;
    Deadline deadline_ = Deadline::after(std::chrono::seconds(120));
};

}  // namespace audio_ident::test
