#pragma once

#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "catalog/postgres_catalog.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "index/fingerprint/postgres_fingerprint_index.hpp"
#include "support/executor.hpp"
#include "support/fingerprint_model.hpp"
#include "support/fingerprints.hpp"
#include "support/postgres_server.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::test {

/// An open index of any kind.
class OpenIndex {
  public:
    virtual ~OpenIndex() = default;
    virtual index::FingerprintIndexReader& reader() = 0;
    virtual index::FingerprintIndexWriter& writer() = 0;
};

/// An empty index of one kind, for one test.
class TestIndex {
  public:
    virtual ~TestIndex() = default;
    /// Opens the index as a program does. Only once at a time in a process.
    virtual Result<std::unique_ptr<OpenIndex>> open() = 0;
};

class LmdbTestIndex : public TestIndex {
  public:
    Result<std::unique_ptr<OpenIndex>> open() override {
        auto index = index::LmdbIndex::open(folder_.path(), lmdb::Access::read_write, executor());
        if (!index) return forward(index);
        return std::make_unique<Open>(std::move(*index));
    }

  private:
    struct Open : OpenIndex {
        explicit Open(std::unique_ptr<index::LmdbIndex> i) : index(std::move(i)) {}
        index::FingerprintIndexReader& reader() override { return index->reader(); }
        index::FingerprintIndexWriter& writer() override { return index->writer(); }
        std::unique_ptr<index::LmdbIndex> index;
    };
    TempFolder folder_;
};

class PostgresTestIndex : public TestIndex {
  public:
    PostgresTestIndex() {
        const auto migrator = catalog::open_postgres_migrator({.url = url_});
        if (!migrator || !(*migrator)->upgrade(Deadline())) throw std::runtime_error("no tables for the index");
    }
    Result<std::unique_ptr<OpenIndex>> open() override {
        using Index = index::PostgresFingerprintIndex;
        auto index =
            Index::open({.url = url_, .cache_bytes = std::size_t{64} << 20}, Index::IfMissing::create, Deadline());
        if (!index) return forward(index);
        return std::make_unique<Open>(std::move(*index));
    }

    const std::string& url() const { return url_; }

  private:
    struct Open : OpenIndex {
        explicit Open(std::unique_ptr<index::PostgresFingerprintIndex> i) : index(std::move(i)) {}
        index::FingerprintIndexReader& reader() override { return index->reader(); }
        index::FingerprintIndexWriter& writer() override { return index->writer(); }
        std::unique_ptr<index::PostgresFingerprintIndex> index;
    };
    std::string url_ = PostgresServer::shared().new_database();
};

struct Backend {
    const char* name;
    std::function<std::unique_ptr<TestIndex>()> create;
};
inline void PrintTo(const Backend& backend, std::ostream* out) {
    *out << backend.name;
}

inline std::vector<Backend> all_backends() {
    return {
        {"Lmdb", [] { return std::make_unique<LmdbTestIndex>(); }},
        {"Postgres", [] { return std::make_unique<PostgresTestIndex>(); }},
    };
}

/// A test with an index and the model of its expected content.
class FingerprintIndexTest : public testing::TestWithParam<Backend> {
  protected:
    void open() {
        index_.reset();
        auto opened = test_index_->open();
        ASSERT_TRUE(opened) << opened.error().message;
        index_ = std::move(*opened);
    }
    index::FingerprintIndexWriter& writer() { return index_->writer(); }

    void add(const std::vector<index::TrackFingerprint>& tracks) {
        const auto added = writer().add(tracks, deadline_);
        ASSERT_TRUE(added) << added.error().message;
        for (const auto& track : tracks) model_.add(track.id, track.fingerprint);
    }
    void add(std::uint32_t number, fingerprint::Fingerprint fingerprint) {
        add({{numbered_id(number), std::move(fingerprint)}});
    }
    void remove(const std::vector<TrackId>& ids) {
        std::size_t there = 0;
        for (const TrackId& id : ids) there += model_.remove(id) ? 1 : 0;
        const auto removed = writer().remove(ids, deadline_);
        ASSERT_TRUE(removed) << removed.error().message;
        EXPECT_EQ(*removed, there);
    }
    void compact() {
        const auto done = writer().compact(deadline_);
        ASSERT_TRUE(done) << done.error().message;
    }
    std::unique_ptr<index::FingerprintSnapshot> snapshot() {
        auto opened = index_->reader().snapshot(deadline_);
        if (!opened) throw std::runtime_error(opened.error().message);
        return std::move(*opened);
    }
    /// Checks that the index agrees with the model.
    void expect_model(std::uint64_t seed = 1, int lookups = 60) {
        auto ids = writer().tracks(deadline_);
        ASSERT_TRUE(ids) << ids.error().message;
        std::sort(ids->begin(), ids->end());
        EXPECT_EQ(*ids, model_.ids());
        model_.expect_same(*snapshot(), seed, lookups);
    }

    std::unique_ptr<TestIndex> test_index_ = GetParam().create();
    std::unique_ptr<OpenIndex> index_;
    FingerprintModel model_;
    Deadline deadline_ = Deadline::after(std::chrono::seconds(120));
};

}  // namespace audio_ident::test
