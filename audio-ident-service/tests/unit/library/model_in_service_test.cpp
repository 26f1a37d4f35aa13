#include "library/model_in_service.hpp"

#include <gtest/gtest.h>

#include "catalog/file_documents.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "support/executor.hpp"
#include "support/fake_embedder.hpp"
#include "support/files.hpp"
#include "support/temp_folder.hpp"
#include "support/vectors.hpp"

namespace audio_ident::library {
namespace {

using index::VectorSpace;
using test::FakeEmbedder;

/// A library with two models to choose from. Each object of ModelInService stands for another process.
class ModelInServiceTest : public testing::Test {
  protected:
    ModelInService process(const std::string& wanted) {
        return {documents_, wanted, [this](const std::string& name) { return open(name); }};
    }
    Result<std::unique_ptr<embedding::Embedder>> open(const std::string& name) const {
        if (name == gone_) return fail(ErrorKind::not_available, "{} is not installed", name);
        return std::make_unique<FakeEmbedder>(name);
    }
    static VectorSpace space(const std::string& name) { return {name + "@1", FakeEmbedder::kDimension}; }
    void embed(const std::string& name, std::uint32_t from, std::uint32_t to) {
        std::vector<index::TrackVectors> tracks;
        for (std::uint32_t i = from; i < to; ++i)
            tracks.push_back(test::random_vectors(i, 4, FakeEmbedder::kDimension));
        ASSERT_TRUE(index_->vectors(space(name))->writer().add(tracks, {}));
    }
    Result<void> finish(const std::string& name) {
        return process(name).change_to(FakeEmbedder(name).model(),
                                       [this](const VectorSpace& counted) -> Result<std::uint64_t> {
                                           const auto stats = index_->vectors(counted)->reader().stats({});
                                           if (!stats) return forward(stats);
                                           return stats->tracks;
                                       });
    }
    std::string served(const std::string& wanted) { return (*process(wanted).now())->model().name; }

    test::TempFolder folder_;
    catalog::FileDocuments documents_{folder_.path()};
    std::unique_ptr<index::LmdbIndex> index_ =
        std::move(*index::LmdbIndex::open(folder_ / "index", lmdb::Access::read_write, test::executor()));
    std::string gone_;
};

TEST_F(ModelInServiceTest, TheFirstIsTheOneThatIsWanted) {
    EXPECT_EQ(served("old"), "old");
    ASSERT_TRUE(process("old").begin(FakeEmbedder("old").model()));
    EXPECT_EQ(*process("old").record(), (ModelInService::Record{"old", space("old"), 1}));
}

TEST_F(ModelInServiceTest, TheFormerServesUntilTheNewOneHasTheLibrary) {
    ASSERT_TRUE(process("old").begin(FakeEmbedder("old").model()));
    embed("old", 0, 20);
    EXPECT_EQ(served("new"), "old");
    EXPECT_EQ((*process("new").wanted())->model().name, "new");

    embed("new", 0, 12);  // and the process is killed
    EXPECT_EQ(served("new"), "old");
    const auto early = finish("new");
    ASSERT_FALSE(early);
    EXPECT_NE(early.error().message.find("new has vectors of 12 tracks, but old has vectors of 20"), std::string::npos);
    EXPECT_EQ(served("new"), "old");

    embed("new", 12, 19);  // the file of one track is gone
    ASSERT_TRUE(finish("new"));
    EXPECT_EQ(served("new"), "new");
    EXPECT_EQ((*process("new").record())->generation, 2U);
    ASSERT_TRUE(finish("new")) << "again changes nothing";
    EXPECT_EQ((*process("new").record())->generation, 2U);
}

TEST_F(ModelInServiceTest, ARunningServiceLooksAgain) {
    ASSERT_TRUE(process("old").begin(FakeEmbedder("old").model()));
    auto service = process("new");
    EXPECT_EQ((*service.now())->model().name, "old");
    ASSERT_TRUE(finish("new"));
    service.look_again();
    EXPECT_EQ((*service.now())->model().name, "new");
}

TEST_F(ModelInServiceTest, AFormerThatIsGoneServesNobody) {
    ASSERT_TRUE(process("old").begin(FakeEmbedder("old").model()));
    gone_ = "old";
    EXPECT_EQ(served("new"), "new");
    test::write_file(folder_ / "vibe.json", "{\"model\"");
    EXPECT_EQ(served("new"), "new");
    EXPECT_FALSE(*process("new").record());
}

}  // namespace
}  // namespace audio_ident::library
