#include <gmock/gmock.h>

#include "backends.hpp"
#include "index/both_lanes/lmdb_folder.hpp"
#include "index/vector/copy_vectors.hpp"

namespace audio_ident::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const index::VectorSpace kSpace{"model@1", kDimension};

/// Vectors in two folders, and in Qdrant between them.
class QdrantCopy : public testing::Test {
  protected:
    void SetUp() override {
        if (!QdrantServer::program()) GTEST_SKIP() << QdrantServer::kAbsent;
        server_ = {.url = QdrantServer::shared().url(), .collection_name = "copy-" + Uuid::random().to_string()};
        auto opened = index::QdrantVectorIndex::open(server_, kSpace, deadline_);
        ASSERT_TRUE(opened) << opened.error().message;
        qdrant_ = std::move(*opened);
        for (std::uint32_t i = 0; i < 130; ++i) all_.push_back(random_vectors(i, 1 + i % 4, kDimension));
    }
    static index::VectorsInStore store(auto& vectors) { return {vectors.reader(), vectors.writer()}; }

    struct Folder {
        Folder() {
            folder = std::move(*index::LmdbFolder::open(path.path(), lmdb::Access::read_write, executor()));
            vectors = folder->vectors(kSpace);
        }
        TempFolder path;
        std::unique_ptr<index::LmdbFolder> folder;
        std::unique_ptr<index::LmdbVectorIndex> vectors;
    };

    Folder before_;
    Folder after_;
    index::QdrantServer server_;
    std::unique_ptr<index::QdrantVectorIndex> qdrant_;
    std::vector<index::TrackVectors> all_;
    Deadline deadline_ = Deadline::after(std::chrono::seconds(120));
};

TEST_F(QdrantCopy, ThereAndBackChangesNoNumber) {
    ASSERT_TRUE(before_.vectors->writer().add(all_, deadline_));
    std::size_t reported = 0;
    const auto progress = [&](std::size_t done, std::size_t of) {
        EXPECT_EQ(of, all_.size());
        reported = done;
    };
    EXPECT_EQ(copy_vectors(store(*before_.vectors), qdrant_->writer(), progress, deadline_), all_.size());
    EXPECT_EQ(reported, all_.size());
    EXPECT_THAT(index::QdrantVectorIndex::spaces(server_, deadline_).value(), ElementsAre(kSpace));
    EXPECT_EQ(copy_vectors(store(*qdrant_), after_.vectors->writer(), progress, deadline_), all_.size());
    EXPECT_THAT(after_.folder->vector_spaces(deadline_).value(), ElementsAre(kSpace));

    std::vector<TrackId> ids;
    for (const auto& track : all_) ids.push_back(track.id);
    const auto first = before_.vectors->reader().vectors(ids, deadline_).value();
    const auto last = after_.vectors->reader().vectors(ids, deadline_).value();
    ASSERT_EQ(last.size(), first.size());
    for (std::size_t i = 0; i < first.size(); ++i) {
        EXPECT_EQ(last[i].start_seconds, first[i].start_seconds);
        EXPECT_EQ(last[i].values, first[i].values) << "to the bit";
    }
}

TEST_F(QdrantCopy, GoesOnWhereItWasInterruptedAndKeepsOthersOut) {
    ASSERT_TRUE(before_.vectors->writer().add(all_, deadline_));
    const auto check = [&] {
        return check_vectors_belong(before_.vectors->writer(), qdrant_->writer(), "Qdrant", deadline_);
    };
    EXPECT_TRUE(check());
    ASSERT_TRUE(qdrant_->writer().add(std::span(all_).first(20), deadline_)) << "a copy that did not finish";
    EXPECT_TRUE(check());
    ASSERT_TRUE(qdrant_->writer().add(std::vector{random_vectors(999, 2, kDimension)}, deadline_));
    const auto refused = check();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(refused.error().message, HasSubstr("Qdrant already has vectors of 1 tracks"));
}

}  // namespace
}  // namespace audio_ident::test
