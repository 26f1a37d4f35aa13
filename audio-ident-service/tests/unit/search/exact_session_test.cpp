#include "search/exact_session.hpp"

#include <chrono>

#include "library.hpp"

namespace audio_ident::test {
namespace {

using search::ExactSession;
using search::RecordingMatch;

class ExactSessionTest : public LaneTest {
  protected:
    struct Outcome {
        std::vector<RecordingMatch> matches;
        std::size_t taken = 0;  ///< samples until no more were needed
    };
    Outcome run(const Clip& clip, std::size_t block_samples, const search::ExactOptions& options = {}) {
        ExactSession session(lane_, options);
        Outcome outcome;
        std::span<const float> rest = clip.samples;
        while (!rest.empty()) {
            const auto block = rest.first(std::min(block_samples, rest.size()));
            rest = rest.subspan(block.size());
            outcome.taken += block.size();
            if (!session.consume(block)) break;
        }
        const auto found = session.finish();
        EXPECT_TRUE(found) << found.error().message;
        if (found) outcome.matches = *found;
        return outcome;
    }
};

TEST_F(ExactSessionTest, GivesTheSameHoweverTheClipIsCut) {
    const Clip parts[] = {noise(1, 11, kRate, 0.1), section(library_->track(2), 7, 15)};
    const Clip clip = concatenate(parts);
    const Outcome whole = run(clip, clip.samples.size());
    ASSERT_FALSE(whole.matches.empty());
    EXPECT_EQ(whole.matches[0].track, library_->id(2));
    for (const std::size_t block : {std::size_t{997}, std::size_t{4096}, std::size_t{200000}}) {
        const Outcome cut = run(clip, block);
        ASSERT_EQ(cut.matches.size(), whole.matches.size()) << block;
        for (std::size_t i = 0; i < cut.matches.size(); ++i) {
            EXPECT_EQ(cut.matches[i].track, whole.matches[i].track) << block;
            EXPECT_EQ(cut.matches[i].offset_seconds, whole.matches[i].offset_seconds) << block;
            EXPECT_EQ(cut.matches[i].confidence, whole.matches[i].confidence) << block;
        }
    }
}

TEST_F(ExactSessionTest, NeedsNoMoreWhenItIsCertain) {
    const Clip& clip = library_->track(3);
    const Outcome outcome = run(clip, kRate / 4);
    ASSERT_FALSE(outcome.matches.empty());
    EXPECT_EQ(outcome.matches[0].track, library_->id(3));
    EXPECT_NEAR(outcome.matches[0].offset_seconds, 0, 0.02);
    EXPECT_GE(outcome.matches[0].confidence, ExactSession::kCertain);
    EXPECT_LE(double(outcome.taken), 0.6 * double(clip.samples.size()));
}

TEST_F(ExactSessionTest, PlacesTheClipsFirstSampleWhenALaterWindowMatches) {
    const Clip parts[] = {noise(2, 13, kRate, 0.1), section(library_->track(4), 20.2, 12)};
    const Outcome outcome = run(concatenate(parts), kRate);
    ASSERT_FALSE(outcome.matches.empty());
    EXPECT_EQ(outcome.matches[0].track, library_->id(4));
    EXPECT_NEAR(outcome.matches[0].offset_seconds, 20.2 - 13, 0.02);
}

TEST_F(ExactSessionTest, FindsAShortClip) {
    const Outcome outcome = run(section(library_->track(5), 30, 4), 1000);
    ASSERT_FALSE(outcome.matches.empty());
    EXPECT_EQ(outcome.matches[0].track, library_->id(5));
    EXPECT_NEAR(outcome.matches[0].offset_seconds, 30, 0.02);
}

TEST_F(ExactSessionTest, TakesNoMoreOnceItHasSaidSo) {
    ExactSession session(lane_, {});
    EXPECT_FALSE(session.consume(section(library_->track(3), 0, 30).samples));
    EXPECT_FALSE(session.consume(silence(600, kRate).samples));
    EXPECT_EQ(session.finish()->at(0).track, library_->id(3));
}

TEST_F(ExactSessionTest, WithoutAnySampleTheClipIsTooShort) {
    EXPECT_EQ(ExactSession(lane_, {}).finish().error().reason, Reason::audio_too_short);
}

TEST_F(ExactSessionTest, HandsOnWhatTheLaneFailsWith) {
    ExactSession short_one(lane_, {});
    short_one.consume(silence(0.5, kRate).samples);
    EXPECT_EQ(short_one.finish().error().reason, Reason::audio_too_short);

    search::ExactOptions passed;
    passed.deadline = Deadline::after(std::chrono::seconds(-1));
    ExactSession late(lane_, passed);
    EXPECT_FALSE(late.consume(silence(25, kRate).samples));
    EXPECT_EQ(late.finish().error().kind, ErrorKind::timeout);
}

}  // namespace
}  // namespace audio_ident::test
