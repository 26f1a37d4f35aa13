// Cases that only a server has: it becomes unreachable, requires a key, or holds other data.

#include <future>
#include <thread>

#include "backends.hpp"
#include "index/both_lanes/separate_lanes.hpp"
#include "support/executor.hpp"
#include "support/file_server.hpp"
#include "support/files.hpp"

namespace audio_ident::test {
namespace {

using index::QdrantVectorIndex;

const index::VectorSpace kSpace{"model@1", kDimension};

class QdrantFailures : public testing::Test {
  protected:
    void SetUp() override {
        if (!QdrantServer::program()) GTEST_SKIP() << QdrantServer::kAbsent;
    }
    static Result<std::unique_ptr<QdrantVectorIndex>> open(const QdrantServer& server, const std::string& key = {},
                                                           const index::VectorSpace& space = kSpace) {
        return QdrantVectorIndex::open({.url = server.url(), .api_key = key, .collection_name = "test"}, space,
                                       Deadline::after(std::chrono::seconds(20)));
    }
    static Deadline soon() { return Deadline::after(std::chrono::seconds(20)); }
};

TEST_F(QdrantFailures, RecoversFromAnOutage) {
    QdrantServer server;
    const auto index = open(server);
    ASSERT_TRUE(index) << index.error().message;
    ASSERT_TRUE((*index)->writer().add(std::vector{random_vectors(1, 5, kDimension)}, soon()));
    server.stop();
    const auto gone = (*index)->writer().add(std::vector{random_vectors(2, 5, kDimension)}, soon());
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().kind, ErrorKind::not_available);
    EXPECT_NE(gone.error().message.find("cannot reach Qdrant at " + server.url()), std::string::npos)
        << gone.error().message;
    EXPECT_EQ((*index)->reader().stats(soon()).error().kind, ErrorKind::not_available);
    server.start();
    const auto again = (*index)->writer().add(std::vector{random_vectors(2, 5, kDimension)}, soon());
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ((*index)->reader().stats(soon())->vectors, 10U);
}

TEST_F(QdrantFailures, AnOutageInTheMiddleOfAnIngestLeavesTheExactLaneWhole) {
    QdrantServer server;
    TempFolder folder;
    const auto fingerprints = index::LmdbIndex::open(folder.path(), lmdb::Access::read_write, executor());
    ASSERT_TRUE(fingerprints);
    const auto vectors = open(server);
    ASSERT_TRUE(vectors) << vectors.error().message;
    index::SeparateLanesWriter lanes((*fingerprints)->writer(), (*vectors)->writer());
    const auto add = [&](std::uint32_t number) {
        const std::vector<index::TrackFingerprint> one = {{numbered_id(number), random_fingerprint(number, 200)}};
        return lanes.add(one, std::vector{random_vectors(number, 5, kDimension)}, soon());
    };
    EXPECT_EQ(add(1), index::Stored::both);
    server.stop();
    EXPECT_EQ(add(2), index::Stored::fingerprints_only);
    EXPECT_EQ((*fingerprints)->writer().tracks(soon())->size(), 2U);
    server.start();
    EXPECT_EQ(add(3), index::Stored::both);
    EXPECT_EQ((*vectors)->writer().tracks(soon())->size(), 2U);
}

TEST_F(QdrantFailures, AStopEndsAQuestion) {
    QdrantServer server;
    const auto index = open(server);
    ASSERT_TRUE(index) << index.error().message;
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = (*index)->reader().stats(Deadline::after(std::chrono::seconds(20), stop.get_token()));
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().kind, ErrorKind::timeout);
}

TEST_F(QdrantFailures, WantsItsKey) {
    QdrantServer server("secret");
    const auto refused = open(server);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::not_available);
    EXPECT_NE(refused.error().message.find("refuses the key; set QDRANT_API_KEY"), std::string::npos)
        << refused.error().message;
    EXPECT_FALSE(open(server, "wrong"));
    EXPECT_TRUE(open(server, "secret"));
}

TEST_F(QdrantFailures, RefusesACollectionOfAnotherSizeOrModel) {
    QdrantServer server;
    const auto right = open(server);
    ASSERT_TRUE(right) << right.error().message;
    const auto other_size = open(server, {}, {"model@1", 32});
    ASSERT_FALSE(other_size);
    EXPECT_EQ(other_size.error().kind, ErrorKind::unsupported);
    EXPECT_NE(
        other_size.error().message.find("the collection \"test_model_1\" holds vectors of model@1 with 48 numbers, "
                                        "this program needs those of model@1 with 32; set QDRANT_COLLECTION_NAME"),
        std::string::npos)
        << other_size.error().message;
    const auto other_model = open(server, {}, {"model_1", kDimension});
    ASSERT_FALSE(other_model);
    EXPECT_NE(other_model.error().message.find("holds vectors of model@1"), std::string::npos)
        << other_model.error().message;
}

TEST_F(QdrantFailures, ACollectionThatWasRemovedIsMadeAgain) {
    QdrantServer server;
    const auto index = open(server);
    ASSERT_TRUE(index) << index.error().message;
    ASSERT_TRUE((*index)->writer().add(std::vector{random_vectors(1, 5, kDimension)}, soon()));
    ASSERT_EQ(
        run_process({"curl", "-sf", "-X", "DELETE", server.url() + "/collections/" + (*index)->collection()}).exit_code,
        0);
    EXPECT_EQ((*index)->reader().stats(soon())->vectors, 0U);
    ASSERT_TRUE((*index)->writer().add(std::vector{random_vectors(2, 3, kDimension)}, soon()));
    EXPECT_EQ((*index)->reader().stats(soon())->vectors, 3U);
}

TEST_F(QdrantFailures, TracksLeaveTheCollectionsOfAllModels) {
    QdrantServer server;
    const auto one = open(server);
    const auto other = open(server, {}, {"model@2", 8});
    ASSERT_TRUE(one && other);
    for (const std::uint32_t number : {1, 2}) {
        ASSERT_TRUE((*one)->writer().add(std::vector{random_vectors(number, 5, kDimension)}, soon()));
        ASSERT_TRUE((*other)->writer().add(std::vector{random_vectors(number, 3, 8)}, soon()));
    }
    const auto gone = numbered_id(1);
    const index::QdrantServer address{.url = server.url(), .collection_name = "test"};
    const auto removed = QdrantVectorIndex::remove_everywhere(address, {&gone, 1}, soon());
    ASSERT_TRUE(removed) << removed.error().message;
    EXPECT_EQ((*one)->writer().tracks(soon()), std::vector{numbered_id(2)});
    EXPECT_EQ((*other)->writer().tracks(soon()), std::vector{numbered_id(2)});
}

TEST_F(QdrantFailures, AnotherLibraryWhoseNameBeginsTheSameKeepsItsTracks) {
    QdrantServer server;
    const index::QdrantServer theirs{.url = server.url(), .collection_name = "test_2"};
    const auto other = QdrantVectorIndex::open(theirs, kSpace, soon());
    ASSERT_TRUE(other) << other.error().message;
    ASSERT_TRUE((*other)->writer().add(std::vector{random_vectors(1, 5, kDimension)}, soon()));
    const auto gone = numbered_id(1);
    const index::QdrantServer ours{.url = server.url(), .collection_name = "test"};
    ASSERT_TRUE(QdrantVectorIndex::remove_everywhere(ours, {&gone, 1}, soon()));
    EXPECT_EQ((*other)->writer().tracks(soon()), std::vector{gone});
}

TEST_F(QdrantFailures, NoServerAtAllIsNamed) {
    const auto wrong =
        QdrantVectorIndex::open({.url = "http://127.0.0.1:1", .collection_name = "test"}, kSpace, soon());
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().kind, ErrorKind::not_available);
}

TEST(QdrantAnswers, AServerThatCannotAnswerNowIsAskedAgain) {
    const TempFolder folder;
    write_file(folder / "collections", std::string_view(R"({"result":{"collections":[]}})"));
    FileServer server(folder.path());
    for (const int status : {500, 503, 429, 408}) {
        server.refuses_with = status;
        const auto reached =
            QdrantVectorIndex::reach({.url = server.url(), .collection_name = "test"}, Deadline::never());
        EXPECT_TRUE(reached) << status << ": " << reached.error().message;
    }
    server.refuses_with = 400;
    EXPECT_EQ(
        QdrantVectorIndex::reach({.url = server.url(), .collection_name = "test"}, Deadline::never()).error().kind,
        ErrorKind::internal);
}

/// Three nodes; each shard is on two of them.
class QdrantClusterTest : public testing::Test {
  protected:
    void SetUp() override {
        if (!QdrantServer::program()) GTEST_SKIP() << QdrantServer::kAbsent;
        nodes_.push_back(std::make_unique<QdrantServer>(QdrantServer::Cluster::found));
        for (int i = 0; i < 2; ++i)
            nodes_.push_back(std::make_unique<QdrantServer>(QdrantServer::Cluster::join, nodes_.front().get()));
        auto opened = open(0, "test");
        ASSERT_TRUE(opened) << opened.error().message;
        index_ = std::move(*opened);
        for (std::uint32_t number = 1; number <= 20; ++number) add(number);
    }
    static Deadline soon() { return Deadline::after(std::chrono::seconds(60)); }
    /// Asks this node first.
    Result<std::unique_ptr<QdrantVectorIndex>> open(std::size_t first, const std::string& collection) {
        std::string urls;
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            urls += (i == 0 ? "" : ", ") + nodes_[(first + i) % nodes_.size()]->url() + "/";
        return QdrantVectorIndex::open(
            {.url = urls,
             .collection_name = collection,
             .replication = {.shard_number = 3, .replication_factor = 2, .write_consistency_factor = 1}},
            kSpace, soon());
    }
    void add(std::uint32_t number) {
        tracks_.push_back(random_vectors(number, 5, kDimension));
        const auto added = index_->writer().add(std::vector{tracks_.back()}, soon());
        ASSERT_TRUE(added) << added.error().message;
    }
    /// Each track's first chunk is the nearest to itself.
    void expect_finds_all() {
        std::vector<float> queries;
        for (const auto& track : tracks_)
            queries.insert(queries.end(), track.values.begin(), track.values.begin() + kDimension);
        const auto found = index_->reader().nearest(queries, 1, {}, soon());
        ASSERT_TRUE(found) << found.error().message;
        for (std::size_t i = 0; i < tracks_.size(); ++i) {
            ASSERT_EQ((*found)[i].size(), 1U);
            EXPECT_EQ((*found)[i].front().track, tracks_[i].id);
        }
        EXPECT_EQ(index_->reader().stats(soon())->vectors, 5 * tracks_.size());
    }

    std::vector<std::unique_ptr<QdrantServer>> nodes_;
    std::unique_ptr<QdrantVectorIndex> index_;
    std::vector<index::TrackVectors> tracks_;
};

TEST_F(QdrantClusterTest, ANodeThatDiesIsNotNoticed) {
    expect_finds_all();
    nodes_.front()->stop();
    expect_finds_all();
    add(21);
    expect_finds_all();
    nodes_.front()->start();
    add(22);
    expect_finds_all();
}

TEST_F(QdrantClusterTest, ServicesThatStartAtOnceMakeOneCollection) {
    for (int round = 0; round < 5; ++round) {
        std::vector<std::future<Result<std::unique_ptr<QdrantVectorIndex>>>> services;
        for (std::size_t service = 0; service < 2 * nodes_.size(); ++service)
            services.push_back(
                std::async(std::launch::async, [&, service] { return open(service, "new" + std::to_string(round)); }));
        for (auto& service : services) {
            const auto opened = service.get();
            EXPECT_TRUE(opened) << opened.error().message;
        }
    }
}

TEST_F(QdrantClusterTest, ANodeThatHangsIsNotWaitedFor) {
    nodes_.front()->pause();
    expect_finds_all();
    nodes_.front()->resume();
    expect_finds_all();
}

}  // namespace
}  // namespace audio_ident::test
