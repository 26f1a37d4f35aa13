#include "search/exact_lane.hpp"

#include <chrono>
#include <initializer_list>

#include "library.hpp"
#include "support/executor.hpp"

namespace audio_ident::test {
namespace {

using search::ExactOptions;

class ExactLaneTest : public LaneTest {};

TEST_F(ExactLaneTest, FindsCleanClips) {
    Random random(1);
    for (std::uint32_t i = 0; i < 12; i += 2) {
        const double offset = random.uniform(0, 34);
        expect_found(section(library_->track(i), offset, 5), i, offset);
    }
}

TEST_F(ExactLaneTest, FindsNoisyClips) {
    Random random(2);
    for (std::uint32_t i = 1; i < 12; i += 2) {
        const double offset = random.uniform(0, 34);
        expect_found(mix_at_snr(section(library_->track(i), offset, 5), noise(i, 5, kRate), 10), i, offset);
    }
}

TEST_F(ExactLaneTest, FindsQuietClips) {
    expect_found(amplify(section(library_->track(3), 12.3, 5), 0.003F), 3, 12.3);
}

TEST_F(ExactLaneTest, FindsAClipThatBeginsBeforeTheTrack) {
    const Clip parts[] = {noise(1, 1.5, kRate, 0.001), section(library_->track(4), 0, 6)};
    expect_found(concatenate(parts), 4, -1.5);
}

TEST_F(ExactLaneTest, FindsAClipThatRunsOverTheTracksEnd) {
    const Clip parts[] = {section(library_->track(5), 34.4, 10), noise(2, 1.5, kRate, 0.001)};
    expect_found(concatenate(parts), 5, 34.4);
}

TEST_F(ExactLaneTest, FindsAClipThatRunsFast) {
    for (const double ratio : {1.05, 0.95}) {
        const auto found = search(faster(section(library_->track(6), 10, 9), ratio));
        ASSERT_FALSE(found.empty()) << ratio;
        EXPECT_EQ(found[0].track, library_->id(6));
        EXPECT_NEAR(found[0].time_ratio, ratio, 0.01);
        EXPECT_NEAR(found[0].pitch_ratio, ratio, 0.01);
        EXPECT_NEAR(found[0].offset_seconds, 10, 0.1);
    }
}

TEST_F(ExactLaneTest, AnswersTheSameOnHoweverManyThreads) {
    for (const Clip& clip : {faster(section(library_->track(6), 10, 5), 1.05), music(77, 5, kRate)}) {
        const auto of = [&](std::size_t threads) {
            search::ExactOptions options;
            options.min_confidence = 0;
            Executor executor(threads);
            return search::ExactLane(library_->index().reader(), executor).search(clip.samples, options).value();
        };
        const auto alone = of(1);
        const auto together = of(4);
        ASSERT_EQ(alone.size(), together.size());
        for (std::size_t i = 0; i < alone.size(); ++i) {
            EXPECT_EQ(alone[i].track, together[i].track) << i;
            EXPECT_EQ(alone[i].confidence, together[i].confidence) << i;
            EXPECT_EQ(alone[i].offset_seconds, together[i].offset_seconds) << i;
        }
    }
}

TEST_F(ExactLaneTest, TheRightTrackExplainsTheClipsPeaks) {
    for (const double ratio : {1.0, 1.05}) {
        const Clip clip = faster(section(library_->track(7), 12, 6), ratio);
        const auto evidence = search::ExactLane(library_->index().reader(), executor()).examine(clip.samples, {});
        ASSERT_TRUE(evidence) << evidence.error().message;
        ASSERT_GT(evidence->size(), 1U);
        EXPECT_EQ(evidence->front().track, library_->id(7));
        EXPECT_GT(evidence->front().match.explained, 0.5F);
        for (std::size_t i = 1; i < evidence->size(); ++i)
            EXPECT_LT((*evidence)[i].match.explained, evidence->front().match.explained / 2) << i;
    }
}

TEST_F(ExactLaneTest, SaysWhichStretchOfTheClipMatches) {
    const Clip parts[] = {noise(4, 4, kRate, 0.1), section(library_->track(8), 11, 5)};
    const auto found = search(concatenate(parts));
    ASSERT_FALSE(found.empty());
    ASSERT_FALSE(found[0].matched.empty());
    EXPECT_NEAR(found[0].matched.front().begin, 4, 1);
    EXPECT_NEAR(found[0].matched.back().end, 9, 0.5);
    EXPECT_TRUE(search(section(library_->track(8), 11, 5))[0].matched.front().begin <= 0.5);
}

TEST_F(ExactLaneTest, FindsBothOfTwoTracksInOneClip) {
    const Clip parts[] = {section(library_->track(1), 3, 5), section(library_->track(2), 9, 5)};
    const auto found = search(concatenate(parts));
    ASSERT_EQ(found.size(), 2U);
    for (const auto& match : found) {
        const bool first = match.track == library_->id(1);
        EXPECT_TRUE(first || match.track == library_->id(2));
        EXPECT_NEAR(match.offset_seconds, first ? 3 : 9 - 5, 0.03);
        EXPECT_FALSE(match.other_version);
    }
}

/// One track of each length.
std::vector<Clip> tracks_of(std::initializer_list<double> seconds) {
    std::vector<Clip> tracks;
    for (const double length : seconds)
        tracks.push_back(
            mix_at_snr(music(500 + tracks.size(), length, kRate), noise(500 + tracks.size(), 5, kRate), 45));
    return tracks;
}

TEST(ExactLane, HearsAShortTrackMoreSurelyTheMoreOftenItIsPlayed) {
    Library library(tracks_of({20, 2, 20, 20, 20}));
    const search::ExactLane lane(library.index().reader(), executor());
    const auto confidence = [&](std::size_t times) {
        std::vector<Clip> parts(times, library.track(1));
        parts.push_back(silence(10 - 2 * double(times), kRate));
        // The same noise, however often the track is heard.
        const auto heard = mix_at_snr(concatenate(parts), noise(9, 10, kRate), -13 + 10 * std::log10(double(times)));
        const auto examined = lane.examine(heard.samples, {});
        for (const auto& found : *examined) {
            if (found.track == library.id(1)) return found.confidence;
        }
        return 0.0;
    };
    EXPECT_LT(confidence(1), 0.5);
    EXPECT_GT(confidence(5), 0.9);
}

// Among songs, and among other short ones, one of which was removed.
TEST(ExactLane, FindsAllOfAShortTrackWhereverItLiesInTheClip) {
    Library library(tracks_of({20, 2.5, 2.5, 2.5, 20}));
    const TrackId removed = library.id(1);
    ASSERT_TRUE(library.index().writer().remove({&removed, 1}, Deadline()));
    const search::ExactLane lane(library.index().reader(), executor());
    const Clip around = music(77, 12, kRate);
    for (const double begin : {0.0, 1.0, 3.0, 6.5, 8.5, 9.5}) {
        const Clip parts[] = {section(around, 0, begin), library.track(2), section(around, begin, 9.5 - begin)};
        const auto found = lane.search(concatenate(parts).samples, {});
        ASSERT_EQ(found->size(), 1U) << begin;
        EXPECT_EQ(found->front().track, library.id(2)) << begin;
        EXPECT_NEAR(found->front().offset_seconds, -begin, 0.02) << begin;
    }
}

TEST(ExactLane, NamesEveryPlaceOfATrackThatRepeats) {
    const Clip verse = mix_at_snr(music(77, 12, kRate), noise(77, 5, kRate), 45);
    const Clip bridge = mix_at_snr(music(78, 9, kRate), noise(78, 5, kRate), 45);
    const Clip parts[] = {verse, bridge, verse};
    Library library({concatenate(parts)});
    const search::ExactLane lane(library.index().reader(), executor());
    ExactOptions options;
    options.all = true;
    const auto found = lane.search(section(verse, 3, 6).samples, options);
    ASSERT_EQ(found->size(), 1U);
    const auto& match = found->front();
    ASSERT_EQ(match.also_offsets.size(), 1U);
    EXPECT_NEAR(std::min(match.offset_seconds, match.also_offsets[0]), 3, 0.02);
    EXPECT_NEAR(std::max(match.offset_seconds, match.also_offsets[0]), 3 + 12 + 9, 0.02);
    EXPECT_TRUE(lane.search(section(verse, 3, 6).samples, {})->front().also_offsets.empty());
}

TEST_F(ExactLaneTest, ClaimsNothingForWhatItDoesNotKnow) {
    for (const std::uint64_t seed : {1U, 3U, 4U}) EXPECT_TRUE(search(music(seed, 5, kRate)).empty()) << seed;
    EXPECT_TRUE(search(noise(3, 5, kRate)).empty());
    EXPECT_TRUE(search(tone(440, 5, kRate)).empty());
    EXPECT_TRUE(search(silence(5, kRate)).empty());
}

TEST_F(ExactLaneTest, GivesAsManyAsAskedAndNoneLessSureThanAsked) {
    const Clip clip = section(library_->track(7), 5, 5);
    ExactOptions all;
    all.min_confidence = 0;
    const auto found = search(clip, all);
    ASSERT_GT(found.size(), 2U);
    EXPECT_LE(found.size(), all.max_results);
    for (std::size_t i = 0; i < found.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) EXPECT_NE(found[i].track, found[j].track);
        if (i > 0) {
            EXPECT_LE(found[i].confidence, found[i - 1].confidence);
        }
    }
    ExactOptions two = all;
    two.max_results = 2;
    EXPECT_EQ(search(clip, two).size(), 2U);
    ExactOptions none = all;
    none.max_results = 0;
    EXPECT_TRUE(search(clip, none).empty());
    ExactOptions surer = all;
    surer.min_confidence = found[0].confidence;
    ASSERT_EQ(search(clip, surer).size(), 1U);
    surer.min_confidence = 1.01;
    EXPECT_TRUE(search(clip, surer).empty());
}

TEST_F(ExactLaneTest, RefusesLessThanASecond) {
    const auto found = lane_.search(silence(0.99, kRate).samples, {});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(found.error().reason, Reason::audio_too_short);
    EXPECT_FALSE(lane_.search({}, {}));
    EXPECT_TRUE(lane_.search(silence(1, kRate).samples, {}));
}

TEST_F(ExactLaneTest, KeepsToItsDeadline) {
    ExactOptions options;
    options.deadline = Deadline::after(std::chrono::seconds(-1));
    const auto found = lane_.search(library_->track(0).samples, options);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::timeout);
}

TEST(ExactLane, FindsARemovedTrackNoMore) {
    Library library(3, 20);
    const search::ExactLane lane(library.index().reader(), executor());
    const Clip clip = section(library.track(1), 4, 6);
    ASSERT_EQ(lane.search(clip.samples, {})->size(), 1U);
    const TrackId id = library.id(1);
    ASSERT_TRUE(library.index().writer().remove({&id, 1}, Deadline()));
    EXPECT_TRUE(lane.search(clip.samples, {})->empty());
    ASSERT_TRUE(library.index().writer().compact(Deadline()));
    EXPECT_TRUE(lane.search(clip.samples, {})->empty());
}

TEST(ExactLane, FindsNothingInAnEmptyIndex) {
    Library library(0, 0);
    const search::ExactLane lane(library.index().reader(), executor());
    EXPECT_TRUE(lane.search(music(1, 5, kRate).samples, {})->empty());
}

}  // namespace
}  // namespace audio_ident::test
