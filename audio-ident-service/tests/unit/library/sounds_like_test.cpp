// What the unknown stretches of a recording sound like.
#include "library/sounds_like.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/encode.hpp"
#include "support/fake_catalog.hpp"
#include "support/fake_embedder.hpp"
#include "support/fake_vector_index.hpp"
#include "support/synth.hpp"
#include "support/tracks.hpp"

namespace audio_ident::library {
namespace {

using test::Clip;
using timeline::GapKind;

constexpr int kRate = 16000;

class SoundsLikeTest : public testing::Test {
  protected:
    SoundsLikeTest() {
        add(0, test::music(1, 20, kRate));
        add(1, test::music(2, 20, kRate));
        // The first track, music that the library does not have, and silence.
        const Clip parts[] = {test::music(1, 20, kRate), test::music(9, 20, kRate), test::silence(20, kRate)};
        recording_ = test::wav_bytes(test::concatenate(parts));
    }

    void add(int number, const Clip& clip) {
        auto row = test::make_track(number);
        row.state = catalog::TrackState::ready;
        ids_.push_back(row.id);
        ASSERT_TRUE(catalog_.put({&row, 1}, {}));
        const auto stream = embedder_.stream({});
        ASSERT_TRUE(stream->consume(clip.samples));
        index::TrackVectors vectors{.id = row.id, .start_seconds = {}, .values = {}};
        const auto embedding = stream->finish();
        for (const auto& chunk : embedding->chunks) {
            vectors.start_seconds.push_back(static_cast<float>(chunk.start_seconds));
            vectors.values.insert(vectors.values.end(), chunk.vector.begin(), chunk.vector.end());
        }
        vectors_.add(std::move(vectors));
    }
    static NamedGap gap(double begin, double end, std::uint32_t number = 0, GapKind kind = GapKind::unknown) {
        return {{{begin, end}, kind, number, number > 0 ? 2U : 0U}, {}};
    }
    Result<void> describe(std::vector<NamedGap>& gaps, const Deadline& deadline = {}) {
        return name_sounds_alike({*decoder_, catalog_, threads_, vibe_}, std::span<const std::byte>(recording_), gaps,
                                 deadline);
    }

    std::vector<TrackId> ids_;
    test::FakeCatalog catalog_;
    test::FakeVectorIndex vectors_;
    test::FakeEmbedder embedder_;
    test::Bytes recording_;
    std::unique_ptr<audio::Decoder> decoder_ = audio::make_ffmpeg_decoder();
    Executor threads_{2};
    std::function<Result<VibeParts>(const Deadline&)> vibe_ = [this](const Deadline&) -> Result<VibeParts> {
        return VibeParts{&embedder_, search::VibeLane(vectors_, {.typical = 0.3, .near = 0.6, .very_near = 0.75})};
    };
};

TEST_F(SoundsLikeTest, NamesWhatIsCloseAndNothingElse) {
    std::vector<NamedGap> gaps{gap(2, 18), gap(22, 38), gap(4, 8), gap(41, 59, 0, GapKind::silence), gap(42, 58)};
    ASSERT_TRUE(describe(gaps));
    ASSERT_EQ(gaps[0].sounds_like.size(), 1U);
    EXPECT_EQ(gaps[0].sounds_like[0].track.id, ids_[0]);
    EXPECT_GE(gaps[0].sounds_like[0].sound.similarity, kCloseSimilarity);
    EXPECT_TRUE(gaps[1].sounds_like.empty()) << "no track is close";
    EXPECT_TRUE(gaps[2].sounds_like.empty()) << "too short to say";
    EXPECT_TRUE(gaps[3].sounds_like.empty());
    EXPECT_TRUE(gaps[4].sounds_like.empty());
}

TEST_F(SoundsLikeTest, StretchesOfOneNameSoundLikeTheSame) {
    std::vector<NamedGap> gaps{gap(20, 21, 3), gap(2, 18, 3), gap(22, 38, 4)};
    ASSERT_TRUE(describe(gaps));
    ASSERT_EQ(gaps[0].sounds_like.size(), 1U);
    EXPECT_EQ(gaps[0].sounds_like[0].track.id, ids_[0]);
    EXPECT_EQ(gaps[1].sounds_like.size(), 1U);
    EXPECT_TRUE(gaps[2].sounds_like.empty());
}

TEST_F(SoundsLikeTest, WithoutAVibeLaneNothingIsNamed) {
    std::vector<NamedGap> gaps{gap(2, 18)};
    vibe_ = [](const Deadline&) -> Result<VibeParts> { return fail(ErrorKind::not_available, "there is no model"); };
    EXPECT_TRUE(describe(gaps));
    EXPECT_TRUE(gaps[0].sounds_like.empty());
    vibe_ = {};
    EXPECT_TRUE(describe(gaps));
}

TEST_F(SoundsLikeTest, EndsWhenItIsStopped) {
    std::vector<NamedGap> gaps{gap(2, 18)};
    const auto late = describe(gaps, Deadline::after(std::chrono::seconds(-1)));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, ErrorKind::timeout);
}

}  // namespace
}  // namespace audio_ident::library
