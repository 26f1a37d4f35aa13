// From sound to a timeline, against a library of synthesised songs.
#include "timeline/session.hpp"

#include "unit/search/library.hpp"

namespace audio_ident::test {
namespace {

using timeline::Entry;
using timeline::GapKind;
using timeline::Session;
using timeline::Timeline;

class TimelineTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { library_ = std::make_unique<Library>(4, 24); }
    static void TearDownTestSuite() { library_.reset(); }

    static Timeline listen(const Clip& recording, std::size_t block = 50000) {
        auto session = Session::open(library_->index().reader(), executor_, {});
        if (!session) throw std::runtime_error(session.error().message);
        for (std::span<const float> rest = recording.samples; !rest.empty();) {
            const auto part = rest.first(std::min(block, rest.size()));
            rest = rest.subspan(part.size());
            if (const auto taken = session->consume(part); !taken) throw std::runtime_error(taken.error().message);
        }
        auto timeline = session->finish();
        if (!timeline) throw std::runtime_error(timeline.error().message);
        return *timeline;
    }

    static Result<Session> open() { return Session::open(library_->index().reader(), executor_, {}); }

    static inline std::unique_ptr<Library> library_;
    static inline Executor executor_{2};
};

/// 10 s of `from`, then 6 s in which both are heard, then 8 s of `to`.
Clip cross_fade(const Clip& from, const Clip& to) {
    constexpr std::size_t kBegin = 10 * kRate;
    constexpr std::size_t kEnd = 16 * kRate;
    Clip result = section(from, 0, 24);
    for (std::size_t i = 0; i < result.samples.size(); ++i) {
        const double part = i < kBegin ? 0 : i >= kEnd ? 1 : double(i - kBegin) / double(kEnd - kBegin);
        const double other = i < kBegin ? 0 : double(to.samples[i - kBegin]);
        result.samples[i] = static_cast<float>(double(result.samples[i]) * std::cos(part * M_PI / 2) +
                                               other * std::sin(part * M_PI / 2));
    }
    return result;
}

TEST_F(TimelineTest, TellsWhoPlaysWhen) {
    const Clip parts[] = {section(library_->track(0), 5, 14), silence(4, kRate), faster(library_->track(1), 1.04),
                          music(77, 10, kRate)};
    const Timeline timeline = listen(concatenate(parts));
    ASSERT_EQ(timeline.entries.size(), 2U);
    const Entry& first = timeline.entries[0];
    EXPECT_EQ(first.track, library_->id(0));
    EXPECT_NEAR(first.heard.begin, 0, 1);
    EXPECT_NEAR(first.heard.end, 14, 1);
    EXPECT_NEAR(first.first.place_seconds, 5 + first.heard.begin, 0.05);
    EXPECT_GT(first.confidence, 0.95);
    const Entry& second = timeline.entries[1];
    const double length = 24 / 1.04;
    EXPECT_EQ(second.track, library_->id(1));
    EXPECT_NEAR(second.heard.begin, 18, 1);
    EXPECT_NEAR(second.heard.end, 18 + length, 1.5);
    EXPECT_NEAR(second.first.time_ratio, 1.04, 0.004);
    EXPECT_NEAR(second.last.pitch_ratio, 1.04, 0.004);
    ASSERT_GE(timeline.gaps.size(), 2U);
    EXPECT_EQ(timeline.gaps.front().kind, GapKind::silence);
    EXPECT_EQ(timeline.gaps.back().kind, GapKind::unknown);
    EXPECT_NEAR(timeline.gaps.back().where.end, 28 + length, 0.1);
}

TEST_F(TimelineTest, TracksThatFadeIntoEachOtherOverlap) {
    const Timeline timeline = listen(cross_fade(library_->track(2), library_->track(3)));
    ASSERT_EQ(timeline.entries.size(), 2U);
    EXPECT_EQ(timeline.entries[0].track, library_->id(2));
    EXPECT_EQ(timeline.entries[1].track, library_->id(3));
    EXPECT_NEAR(timeline.entries[0].heard.end, 16, 2.5);
    EXPECT_NEAR(timeline.entries[1].heard.begin, 10, 2.5);
    EXPECT_GT(timeline.entries[0].heard.end, timeline.entries[1].heard.begin);
}

// A pause of a quarter of a second, a skip of an eighth, and a skip late in a longer recording.
TEST_F(TimelineTest, TellsAnEditAsTwoEntriesEachWithItsOwnPlace) {
    const Clip& track = library_->track(0);
    const Clip pause[] = {section(track, 4, 6), silence(0.25, kRate), section(track, 10, 6)};
    const Clip skip[] = {section(track, 4, 6), section(track, 10.125, 6)};
    const Clip late[] = {section(track, 1, 13), section(track, 14.2, 9)};
    struct Case {
        std::span<const Clip> parts;
        double first_place;
        double cut;
        double second_place;  // where the second begins, in the track
        double second_begin;
    };
    for (const Case& edit : {Case{pause, 4, 6, 10, 6.25}, Case{skip, 4, 6, 10.125, 6}, Case{late, 1, 13, 14.2, 13}}) {
        const Timeline timeline = listen(concatenate(edit.parts));
        ASSERT_EQ(timeline.entries.size(), 2U) << edit.second_place;
        const Entry& first = timeline.entries[0];
        const Entry& second = timeline.entries[1];
        EXPECT_EQ(first.track, library_->id(0));
        EXPECT_EQ(second.track, library_->id(0));
        EXPECT_NEAR(first.first.place_seconds - first.heard.begin, edit.first_place, 0.02);
        EXPECT_NEAR(first.heard.end, edit.cut, 0.6);
        EXPECT_NEAR(second.first.place_seconds - (second.heard.begin - edit.second_begin), edit.second_place, 0.02);
        EXPECT_NEAR(second.heard.begin, edit.second_begin, 0.6);
        EXPECT_NEAR(second.last.time_ratio, 1, 0.002);
    }
}

TEST_F(TimelineTest, GivesTheSameHoweverTheRecordingIsCut) {
    const Clip parts[] = {music(78, 7, kRate), section(library_->track(1), 5, 12)};
    const Clip recording = concatenate(parts);
    const Timeline whole = listen(recording, recording.samples.size());
    ASSERT_EQ(whole.entries.size(), 1U);
    for (const std::size_t block : {std::size_t{999}, std::size_t{100000}}) {
        const Timeline cut = listen(recording, block);
        ASSERT_EQ(cut.entries.size(), 1U) << block;
        EXPECT_EQ(cut.entries[0].heard, whole.entries[0].heard) << block;
        EXPECT_EQ(cut.entries[0].confidence, whole.entries[0].confidence) << block;
        EXPECT_EQ(cut.entries[0].evidence, whole.entries[0].evidence) << block;
    }
}

TEST_F(TimelineTest, TellsWhatIsDecidedSoFarAndTheEndIsTheSame) {
    const Clip parts[] = {section(library_->track(0), 5, 18), silence(4, kRate), section(library_->track(1), 0, 18)};
    const Clip recording = concatenate(parts);
    auto session = open();
    ASSERT_TRUE(session);
    EXPECT_TRUE(session->so_far()->entries.empty());
    const auto samples = std::span<const float>(recording.samples);
    ASSERT_TRUE(session->consume(samples.first(30 * kRate)));
    const auto so_far = session->so_far();
    ASSERT_TRUE(so_far) << so_far.error().message;
    ASSERT_GE(so_far->entries.size(), 1U);
    EXPECT_EQ(so_far->entries[0].track, library_->id(0));
    EXPECT_NEAR(so_far->entries[0].heard.end, 18, 1);
    EXPECT_GT(so_far->seconds, 15);
    EXPECT_LE(so_far->seconds, 30);
    for (const auto& entry : so_far->entries) EXPECT_LE(entry.heard.end, so_far->seconds);
    ASSERT_TRUE(session->consume(samples.subspan(30 * kRate)));
    const auto whole = session->finish();
    const Timeline alone = listen(recording);
    ASSERT_EQ(whole->entries.size(), alone.entries.size());
    for (std::size_t i = 0; i < alone.entries.size(); ++i) {
        EXPECT_EQ(whole->entries[i].heard, alone.entries[i].heard);
        EXPECT_EQ(whole->entries[i].confidence, alone.entries[i].confidence);
    }
}

TEST_F(TimelineTest, ASavedOneGoesOnAsIfNothingHadHappened) {
    const Clip parts[] = {section(library_->track(0), 5, 12), silence(12, kRate), section(library_->track(2), 5, 12)};
    const Clip recording = concatenate(parts);
    const std::span<const float> samples = recording.samples;
    const Timeline whole = listen(recording);
    ASSERT_EQ(whole.entries.size(), 2U);
    for (const double at : {3.0, 26.5}) {
        auto first = open();
        ASSERT_TRUE(first && first->consume(samples.first(static_cast<std::size_t>(at * kRate))));
        auto second = open();
        ASSERT_TRUE(second && second->resume(first->save()));
        EXPECT_LE(second->resumed_seconds(), at);
        EXPECT_GE(second->resumed_seconds(), at - 16);
        ASSERT_TRUE(second->consume(samples));
        const auto again = second->finish();
        ASSERT_TRUE(again);
        ASSERT_EQ(again->entries.size(), whole.entries.size()) << at;
        for (std::size_t i = 0; i < whole.entries.size(); ++i) {
            EXPECT_EQ(again->entries[i].track, whole.entries[i].track) << at;
            EXPECT_EQ(again->entries[i].heard, whole.entries[i].heard) << at;
            EXPECT_EQ(again->entries[i].confidence, whole.entries[i].confidence) << at;
            EXPECT_EQ(again->entries[i].evidence, whole.entries[i].evidence) << at;
        }
        EXPECT_EQ(again->gaps.size(), whole.gaps.size()) << at;
    }
}

TEST_F(TimelineTest, WhatIsSavedAndDamagedIsRefused) {
    auto session = open();
    ASSERT_TRUE(session && session->consume(section(library_->track(0), 5, 16).samples));
    const std::string saved = session->save();
    for (std::string damaged : {std::string(), saved.substr(0, 20), saved.substr(0, saved.size() - 1), saved + "x"}) {
        auto other = open();
        const auto resumed = other->resume(damaged);
        ASSERT_FALSE(resumed) << damaged.size();
        EXPECT_EQ(resumed.error().kind, ErrorKind::corrupt);
        EXPECT_EQ(other->resumed_seconds(), 0);
    }
    std::string flipped = saved;
    flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
    EXPECT_FALSE(open()->resume(flipped));
}

TEST_F(TimelineTest, NothingIsHeardInSilenceAndInNothing) {
    const Timeline quiet = listen(silence(60, kRate));
    EXPECT_TRUE(quiet.entries.empty());
    ASSERT_EQ(quiet.gaps.size(), 1U);
    EXPECT_EQ(quiet.gaps[0].kind, GapKind::silence);
    EXPECT_NEAR(quiet.gaps[0].where.end, 60, 0.1);
    const Timeline nothing = listen(silence(0, kRate));
    EXPECT_EQ(nothing.seconds, 0);
    EXPECT_TRUE(nothing.gaps.empty());
    EXPECT_EQ(listen(section(library_->track(0), 0, 0.3)).entries.size(), 0U);
}

TEST_F(TimelineTest, AStopEndsIt) {
    std::stop_source stop;
    auto session =
        Session::open(library_->index().reader(), executor_, {.deadline = Deadline::never(stop.get_token())});
    ASSERT_TRUE(session);
    EXPECT_TRUE(session->consume(silence(1, kRate).samples));
    stop.request_stop();
    const auto late = session->consume(silence(1, kRate).samples);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, ErrorKind::timeout);
}

}  // namespace
}  // namespace audio_ident::test
