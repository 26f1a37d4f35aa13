// What was not recognised and is heard again, from sound to numbered gaps.
#include "timeline/unknowns.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/synth.hpp"
#include "timeline/sound_log.hpp"

namespace audio_ident::test {
namespace {

using timeline::Gap;
using timeline::GapKind;
using timeline::PeakBuckets;
using timeline::SoundLog;
using timeline::Timeline;
using timeline::Unknowns;

constexpr int kRate = fingerprint::kSampleRateHz;

PeakBuckets sound_of(const Clip& clip, std::size_t block = 70000) {
    SoundLog log;
    for (std::span<const float> rest = clip.samples; !rest.empty();) {
        const auto part = rest.first(std::min(block, rest.size()));
        rest = rest.subspan(part.size());
        log.consume(part);
    }
    return log.finish();
}

Clip song(std::uint64_t seed, double begin, double end) {
    return section(music(seed, end, kRate), begin, end - begin);
}

std::string text_of(const std::vector<Gap>& gaps) {
    std::string text;
    for (const Gap& gap : gaps)
        text += fmt::format("{:.1f}-{:.1f}: {} ({}); ", gap.where.begin, gap.where.end, gap.number, gap.times_heard);
    return text;
}

Timeline with_gaps(std::vector<Gap> gaps) {
    Timeline timeline;
    timeline.gaps = std::move(gaps);
    timeline.seconds = timeline.gaps.back().where.end;
    return timeline;
}

Gap unknown(double begin, double end) {
    return {{begin, end}, GapKind::unknown};
}

void expect_gap(const Gap& gap, double begin, double end, std::uint32_t number, std::uint32_t times) {
    EXPECT_NEAR(gap.where.begin, begin, 1.2) << "unknown " << number;
    EXPECT_NEAR(gap.where.end, end, 1.2) << "unknown " << number;
    EXPECT_EQ(gap.number, number) << begin;
    EXPECT_EQ(gap.times_heard, times) << begin;
}

TEST(Unknowns, WhatIsHeardAgainHasOneNameAndCutsItsGap) {
    // Something new, song 1; a track of the library; the middle of song 1, something new.
    const Clip parts[] = {song(50, 0, 15), song(1, 0, 30), song(60, 0, 20), song(1, 10, 25), song(51, 0, 12)};
    Unknowns unknowns;
    unknowns.add(sound_of(concatenate(parts)), with_gaps({unknown(0, 45), unknown(65, 92)}));
    const auto gaps = unknowns.gaps();
    ASSERT_EQ(gaps.size(), 1U);
    ASSERT_EQ(gaps[0].size(), 5U) << text_of(gaps[0]);
    expect_gap(gaps[0][0], 0, 25, 1, 1);
    expect_gap(gaps[0][1], 25, 40, 2, 2);
    expect_gap(gaps[0][2], 40, 45, 3, 1);
    expect_gap(gaps[0][3], 65, 80, 2, 2);
    expect_gap(gaps[0][4], 80, 92, 4, 1);
}

TEST(Unknowns, ASongThatRepeatsItselfIsOneSound) {
    const Clip parts[] = {song(1, 0, 20), song(2, 0, 10), song(1, 0, 20)};
    Unknowns unknowns;
    unknowns.add(sound_of(concatenate(parts)), with_gaps({unknown(0, 50)}));
    const auto gaps = unknowns.gaps();
    ASSERT_EQ(gaps[0].size(), 1U) << "nothing known lies between, and it is not three minutes";
    expect_gap(gaps[0][0], 0, 50, 1, 1);
}

TEST(Unknowns, ASoundHasOneNameInAllRecordingsOfARun) {
    const auto quiet = Gap{{0, 10}, GapKind::silence};
    const Clip noisy = mix_at_snr(song(1, 0, 20), noise(3, 20, kRate), 10);
    const Clip later[] = {silence(10, kRate), noisy, song(52, 0, 4)};
    Unknowns unknowns;
    unknowns.add(sound_of(song(1, 0, 30)), with_gaps({unknown(0, 30)}));
    unknowns.add(sound_of(song(60, 0, 20)), with_gaps({unknown(0, 20)}));
    unknowns.add(sound_of(concatenate(later)), with_gaps({quiet, unknown(10, 34)}));
    const auto gaps = unknowns.gaps();
    ASSERT_EQ(gaps.size(), 3U);
    ASSERT_EQ(gaps[0].size(), 2U) << text_of(gaps[0]);
    expect_gap(gaps[0][0], 0, 20, 1, 2);
    expect_gap(gaps[0][1], 20, 30, 2, 1);
    ASSERT_EQ(gaps[1].size(), 1U) << text_of(gaps[1]);
    expect_gap(gaps[1][0], 0, 20, 3, 1);
    ASSERT_EQ(gaps[2].size(), 3U) << text_of(gaps[2]);
    EXPECT_EQ(gaps[2][0].kind, GapKind::silence);
    EXPECT_EQ(gaps[2][0].number, 0U);
    expect_gap(gaps[2][1], 10, 30, 1, 2);
    EXPECT_EQ(gaps[2][2].number, 0U) << "too short for a name";
}

TEST(Unknowns, NothingHasNoGaps) {
    Unknowns unknowns;
    EXPECT_TRUE(unknowns.gaps().empty());
    unknowns.add(sound_of(silence(0, kRate)), Timeline());
    ASSERT_EQ(unknowns.gaps().size(), 1U);
    EXPECT_TRUE(unknowns.gaps()[0].empty());
}

TEST(SoundLog, GivesTheSameHoweverTheRecordingIsCut) {
    const Clip clip = song(1, 0, 20);
    std::vector<fingerprint::Peak> whole;
    sound_of(clip, clip.samples.size()).get(0, 1000, whole);
    EXPECT_GT(whole.size(), 400U);
    std::vector<fingerprint::Peak> cut;
    sound_of(clip, 999).get(0, 1000, cut);
    EXPECT_EQ(cut, whole);
}

TEST(PeakBuckets, TheStrongestStayWhenThereIsNoRoomForAll) {
    PeakBuckets buckets(100);
    for (std::uint32_t bucket = 0; bucket < 20; ++bucket) {
        std::vector<fingerprint::Peak> peaks;
        for (std::uint32_t i = 0; i < 22; ++i)
            peaks.push_back({bucket * 32 + i, static_cast<std::uint16_t>(600 - i), static_cast<std::uint8_t>(i)});
        buckets.add(peaks);
    }
    EXPECT_EQ(buckets.size(), 20U);
    std::vector<fingerprint::Peak> kept;
    buckets.get(0, 100, kept);
    EXPECT_LE(kept.size(), 100U);
    EXPECT_GE(kept.size(), 40U);
    for (const auto& peak : kept) EXPECT_GE(peak.strength, 17);
    const unsigned strength = kept.front().strength;
    EXPECT_EQ(kept.front().frame, strength);
    EXPECT_EQ(kept.front().bin, 600 - strength);
    EXPECT_EQ(kept.back().frame / 32, 19U);
}

}  // namespace
}  // namespace audio_ident::test
