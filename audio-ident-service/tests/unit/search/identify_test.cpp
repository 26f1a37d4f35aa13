#include "search/identify.hpp"

#include <gmock/gmock.h>

#include "library.hpp"
#include "support/encode.hpp"
#include "support/fake_catalog.hpp"
#include "support/fake_embedder.hpp"
#include "support/fake_vector_index.hpp"
#include "support/tracks.hpp"

namespace audio_ident::search {
namespace {

using test::Library;

/// A library of songs in both lanes, and of one more tune that sounds like song 3.
class IdentifyTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { library_ = std::make_unique<Library>(8, 30); }
    static void TearDownTestSuite() { library_.reset(); }

    void SetUp() override {
        for (std::uint32_t i = 0; i < 8; ++i) embed(library_->id(i), library_->track(i));
        // A worse recording of song 3.
        embed(alike_, test::mix_at_snr(library_->track(3), test::noise(5, 5, test::kRate), 6));
    }

    void embed(const TrackId& id, const test::Clip& clip) {
        auto row = test::make_track(rows_++);
        row.id = id;
        row.state = catalog::TrackState::ready;
        ASSERT_TRUE(catalog_.put({&row, 1}, {}));
        const auto stream = embedder_.stream({});
        ASSERT_TRUE(stream->consume(clip.samples));
        index::TrackVectors vectors{.id = id, .start_seconds = {}, .values = {}};
        const auto embedding = stream->finish();
        ASSERT_TRUE(embedding);
        for (const auto& chunk : embedding->chunks) {
            vectors.start_seconds.push_back(static_cast<float>(chunk.start_seconds));
            vectors.values.insert(vectors.values.end(), chunk.vector.begin(), chunk.vector.end());
        }
        vectors_.add(std::move(vectors));
    }

    Result<Identification> identify(SearchMode mode, const test::Clip& clip, IdentifyOptions options = {}) {
        const auto bytes = test::wav_bytes(clip);
        const VibeLane vibe(vectors_, SimilarityScale{.typical = 0.1, .near = 0.4, .very_near = 0.8});
        IdentifyParts parts{*decoder_, catalog_, exact_};
        if (with_vibe_) parts.vibe = VibeParts{&embedder_, &vibe};
        options.mode = mode;
        return search::identify(parts, bytes, options);
    }
    test::Clip clip() const { return test::section(library_->track(3), 10, 8); }
    static std::vector<std::string> ids(const auto& matches) {
        std::vector<std::string> ids;
        for (const auto& match : matches) ids.push_back(match.track.id);
        return ids;
    }

    static inline std::unique_ptr<Library> library_;
    const TrackId alike_ = test::numbered_id(100);
    std::unique_ptr<audio::Decoder> decoder_ = audio::make_ffmpeg_decoder();
    test::FakeCatalog catalog_;
    test::FakeVectorIndex vectors_;
    test::FakeEmbedder embedder_;
    ExactLane exact_{library_->index().reader()};
    bool with_vibe_ = true;
    int rows_ = 0;
};

TEST_F(IdentifyTest, BothLanesAnswerAndTheSureMatchIsNotRepeated) {
    const auto answer = identify(SearchMode::both, clip());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->response.lanes.exact, LaneState::ok);
    EXPECT_EQ(answer->response.lanes.vibe, LaneState::ok);
    ASSERT_FALSE(answer->response.exact_matches.empty());
    EXPECT_EQ(answer->response.exact_matches[0].track.id, library_->id(3).to_string());
    ASSERT_FALSE(answer->response.vibe_matches.empty());
    EXPECT_THAT(ids(answer->response.vibe_matches), testing::Not(testing::Contains(library_->id(3).to_string())));
    ASSERT_EQ(answer->vibe_tracks.size(), answer->response.vibe_matches.size());
    EXPECT_EQ(answer->vibe_tracks[0].id.to_string(), answer->response.vibe_matches[0].track.id);
}

TEST_F(IdentifyTest, AMatchThatIsNotSureStaysAmongThoseThatSoundLikeIt) {
    ASSERT_TRUE(catalog_.remove(alike_, {}));
    const auto answer = identify(SearchMode::vibe, clip());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->response.lanes.exact, std::nullopt);
    EXPECT_TRUE(answer->response.exact_matches.empty());
    ASSERT_FALSE(answer->response.vibe_matches.empty());
    const auto& best = answer->response.vibe_matches[0];
    EXPECT_EQ(best.track.id, library_->id(3).to_string());
    EXPECT_EQ(best.embedding_model, "fake");
    EXPECT_NEAR(*best.best_moment_seconds, 10, 1.6);
    EXPECT_GT(*best.matched_chunks, 0);
}

TEST_F(IdentifyTest, WithoutAVibeLaneTheExactOneAnswers) {
    with_vibe_ = false;
    const auto answer = identify(SearchMode::both, clip());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->response.lanes.vibe, LaneState::unavailable);
    EXPECT_FALSE(answer->response.exact_matches.empty());
    const auto alone = identify(SearchMode::vibe, clip());
    ASSERT_FALSE(alone);
    EXPECT_EQ(alone.error().reason, Reason::store_unavailable);
}

TEST_F(IdentifyTest, ALaneThatFailsLeavesTheOthersAnswer) {
    vectors_.fail_with({ErrorKind::not_available, "the store is gone", {}});
    const auto answer = identify(SearchMode::both, clip());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->response.lanes.exact, LaneState::ok);
    EXPECT_EQ(answer->response.lanes.vibe, LaneState::failed);
    EXPECT_FALSE(answer->response.exact_matches.empty());
    const auto alone = identify(SearchMode::vibe, clip());
    ASSERT_FALSE(alone);
    EXPECT_EQ(alone.error().reason, Reason::store_unavailable);
}

TEST_F(IdentifyTest, ALateLaneLeavesTheOthersAnswer) {
    const Deadline past = Deadline::after(std::chrono::seconds(-1));
    const auto late_vibe = identify(SearchMode::both, clip(), {.exact = {}, .vibe = {.deadline = past}});
    ASSERT_TRUE(late_vibe) << late_vibe.error().message;
    EXPECT_EQ(late_vibe->response.lanes.vibe, LaneState::timeout);
    EXPECT_FALSE(late_vibe->response.exact_matches.empty());
    const auto both_late =
        identify(SearchMode::both, clip(), {.exact = {.deadline = past}, .vibe = {.deadline = past}});
    ASSERT_FALSE(both_late);
    EXPECT_EQ(both_late.error().reason, Reason::search_timeout);
}

TEST_F(IdentifyTest, AClipThatIsTooShortIsTheClipsFaultInEveryMode) {
    for (const auto mode : {SearchMode::exact, SearchMode::vibe, SearchMode::both}) {
        const auto answer = identify(mode, test::section(clip(), 0, 2));
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().reason, Reason::audio_too_short);
    }
}

TEST_F(IdentifyTest, SilenceIsAnAnswer) {
    const auto answer = identify(SearchMode::both, test::silence(5));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_TRUE(answer->response.exact_matches.empty());
    EXPECT_TRUE(answer->response.vibe_matches.empty());
}

TEST_F(IdentifyTest, TracksThatAreGoneFromTheCatalogAreNotNamed) {
    ASSERT_TRUE(catalog_.remove(library_->id(3), {}));
    const auto answer = identify(SearchMode::both, clip());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_THAT(ids(answer->response.exact_matches), testing::Not(testing::Contains(library_->id(3).to_string())));
    EXPECT_THAT(ids(answer->response.vibe_matches), testing::Not(testing::Contains(library_->id(3).to_string())));
}

}  // namespace
}  // namespace audio_ident::search
