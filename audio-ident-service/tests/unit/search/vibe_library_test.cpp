#include "search/vibe_library.hpp"

#include <gtest/gtest.h>

#include "catalog/file_documents.hpp"
#include "support/fake_catalog.hpp"
#include "support/fake_embedder.hpp"
#include "support/fake_vector_index.hpp"
#include "support/temp_folder.hpp"
#include "support/tracks.hpp"
#include "support/vectors.hpp"

namespace audio_ident::search {
namespace {

class VibeLibraryTest : public testing::Test {
  protected:
    void add(int from, int to) {
        for (int i = from; i < to; ++i) {
            const auto row = test::make_track(i);
            ASSERT_TRUE(catalog_.put({&row, 1}, {}));
            auto track = test::random_vectors(static_cast<std::uint32_t>(i), 8, test::FakeEmbedder::kDimension);
            track.id = row.id;
            vectors_.add(std::move(track));
        }
    }
    VibeLibrary library() { return {catalog_, vectors_, embedder_, documents_}; }

    test::FakeCatalog catalog_;
    test::FakeVectorIndex vectors_;
    test::FakeEmbedder embedder_;
    test::TempFolder folder_;
    catalog::FileDocuments documents_{folder_.path()};
};

TEST_F(VibeLibraryTest, WithoutVectorsItSaysWhatToRun) {
    auto empty = library();
    const auto lane = empty.lane({});
    ASSERT_FALSE(lane);
    EXPECT_EQ(lane.error().kind, ErrorKind::not_available);
    EXPECT_NE(lane.error().message.find("run `audio-ident reembed`"), std::string::npos);
}

TEST_F(VibeLibraryTest, MeasuresTheScaleAgainWhenTheLibraryHasGrown) {
    auto growing = library();
    add(0, 30);
    ASSERT_TRUE(growing.lane({}));
    EXPECT_EQ(read_scale(documents_, "fake@1", {}), std::nullopt);
    add(30, 60);
    ASSERT_TRUE(growing.lane({}));
    EXPECT_EQ(read_scale(documents_, "fake@1", {})->tracks, 60U);
    add(60, 70);
    ASSERT_TRUE(growing.lane({}));
    EXPECT_EQ(read_scale(documents_, "fake@1", {})->tracks, 60U);
    add(70, 120);
    auto other_process = library();
    ASSERT_TRUE(other_process.lane({}));
    EXPECT_EQ(read_scale(documents_, "fake@1", {})->tracks, 120U);
}

TEST_F(VibeLibraryTest, TextNeedsAModelThatReadsIt) {
    add(0, 3);
    auto deaf = library();
    const auto refused = deaf.search_text("440", {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
    EXPECT_NE(refused.error().message.find("`audio-ident model use clap`"), std::string::npos);

    embedder_.read_text();
    auto tone = test::random_vectors(9, 8, test::FakeEmbedder::kDimension);
    const auto described = *embedder_.embed_text("440", {});
    for (std::size_t i = 0; i < 8; ++i)
        std::copy(described.begin(), described.end(), tone.values.begin() + std::ptrdiff_t(i * described.size()));
    const auto row = test::make_track(9);
    tone.id = row.id;
    ASSERT_TRUE(catalog_.put({&row, 1}, {}));
    vectors_.add(tone);
    auto reading = library();
    const auto found = reading.search_text("440", {});
    ASSERT_TRUE(found) << found.error().message;
    ASSERT_FALSE(found->empty());
    EXPECT_EQ(found->front().track, row.id);
}

}  // namespace
}  // namespace audio_ident::search
