#include "search/lookups.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include "fingerprint/extractor.hpp"
#include "support/clip.hpp"
#include "support/synth.hpp"

namespace audio_ident::search {
namespace {

using index::Lookup;

/// An index of a billion postings. The number of a key is the length of its list.
class CrowdedSnapshot : public index::FingerprintSnapshot {
  public:
    static std::uint64_t length_of(const Lookup& lookup) { return lookup.first % 2 == 0 ? 500 : 20'000; }

    std::span<const index::SegmentInfo> segments() const override { return segments_; }
    void find(std::size_t, std::span<const Lookup>, std::int32_t, std::vector<std::uint32_t>&) const override {}
    std::uint64_t count_bound(std::size_t, const Lookup& lookup) const override { return length_of(lookup); }
    std::optional<index::Location> locate(std::size_t, std::uint32_t) const override { return std::nullopt; }
    TrackId track_id(std::uint32_t) const override { return {}; }
    void peaks(std::uint32_t, std::uint32_t, std::uint32_t, std::vector<fingerprint::Peak>&) const override {}
    const index::IndexStats& stats() const override { return stats_; }
    Result<void> status() const override { return {}; }

  private:
    std::vector<index::SegmentInfo> segments_{{1'000'000, 1'000'000'000}};
    index::IndexStats stats_{.tracks = 1, .postings = 1'000'000'000, .frames = 1'000'000, .segments = 1, .bytes = 1};
};

// Likeliest first. Each pair's key differs by one from the last, so that short and long lists alternate.
std::vector<ClipPair> thousand_pairs() {
    std::vector<ClipPair> pairs;
    for (int i = 0; i < 1000; ++i) {
        const float frame = static_cast<float>(i);
        const fingerprint::ClipPeak first{frame, static_cast<float>(i % 500), 2};
        const fingerprint::ClipPeak second{frame + 20, first.bin + static_cast<float>(i % 40), 2};
        pairs.push_back({first, second, 0, 0.5F - frame * 4e-4F});
    }
    return pairs;
}

std::vector<Lookup> read_within(std::uint64_t budget, const std::vector<ClipPair>& pairs = thousand_pairs()) {
    auto lookups = lookups_of(CrowdedSnapshot(), pairs, {}, budget);
    EXPECT_TRUE(std::is_sorted(lookups.begin(), lookups.end(),
                               [](const Lookup& a, const Lookup& b) { return a.first < b.first; }));
    return lookups;
}

bool looks_at(const std::vector<Lookup>& lookups, fingerprint::Key key, std::int32_t frame) {
    return std::any_of(lookups.begin(), lookups.end(), [&](const Lookup& lookup) {
        return lookup.first <= key && key <= lookup.last && lookup.frame == frame;
    });
}

fingerprint::Key key_of(const ClipPair& pair, int span) {
    return pair_query(pair, {})->lookup(span, span).first;
}

TEST(ClipPairs, TheFirstAreMoreOftenLandmarksOfTheRecording) {
    constexpr double kBegin = 5.12;  // a whole number of frames
    const auto track = test::mix_at_snr(test::music(3, 15, 16000), test::noise(3, 5, 16000), 10);
    fingerprint::Extractor extractor;
    extractor.consume(track.samples);
    std::set<std::pair<fingerprint::Key, std::int32_t>> landmarks;
    for (const auto& landmark : fingerprint::reference_landmarks(extractor.finish().peaks))
        landmarks.emplace(landmark.key, static_cast<std::int32_t>(landmark.frame));
    const auto clip = test::mix_at_snr(test::section(track, kBegin, 6), test::noise(4, 6, 16000), 5);
    const auto pairs = clip_pairs(fingerprint::Clip(clip.samples, 1), fingerprint::kQueryFanOut, 1);
    const auto share_of_hits = [&](std::size_t begin, std::size_t end) {
        double hits = 0;
        for (std::size_t i = begin; i < end; ++i) {
            const auto query = pair_query(pairs[i], {});
            if (!query) continue;
            const int span = query->nearest_span();
            if (span < int{fingerprint::kMinPairFrames} || span > int{fingerprint::kMaxPairFrames}) continue;
            hits += double(landmarks.count({query->lookup(span, span).first, query->frame + 320}));
        }
        return hits / double(end - begin);
    };
    ASSERT_GT(pairs.size(), 1000U);
    // At least one in ten of the likeliest pairs, and hardly any of the less likely half.
    EXPECT_GT(share_of_hits(0, pairs.size() / 50), 0.1);
    EXPECT_LT(share_of_hits(pairs.size() / 2, pairs.size()), 0.01);
}

TEST(LookupsOf, EachPairHasAFrameOfToleranceWhereThereIsRoom) {
    const auto lookups = read_within(1'000'000'000);
    for (const ClipPair& pair : thousand_pairs()) {
        for (const int span : {19, 20, 21})
            EXPECT_TRUE(looks_at(lookups, key_of(pair, span), static_cast<std::int32_t>(pair.first.frame)));
    }
}

TEST(LookupsOf, ReadsNoMoreThanTheBudget) {
    constexpr std::uint64_t kBudget = 400'000;
    const auto lookups = read_within(kBudget);
    std::uint64_t postings = 0;
    for (const Lookup& lookup : lookups) postings += CrowdedSnapshot::length_of(lookup);
    EXPECT_LE(postings, kBudget);
    EXPECT_GE(postings, kBudget / 2);
}

TEST(LookupsOf, AnsweredByShortListsFirst) {
    const auto lookups = read_within(400'000);
    std::size_t of_short = 0;
    for (const Lookup& lookup : lookups) of_short += CrowdedSnapshot::length_of(lookup) == 500 ? 1 : 0;
    EXPECT_GT(of_short, lookups.size() * 9 / 10);
    // All short lists of the likeliest pairs are read.
    const auto pairs = thousand_pairs();
    for (std::size_t i = 0; i < 50; ++i) {
        const auto key = key_of(pairs[i], 20);
        if (CrowdedSnapshot::length_of({key, key, 0}) != 500) continue;
        EXPECT_TRUE(looks_at(lookups, key, static_cast<std::int32_t>(pairs[i].first.frame))) << i;
    }
}

TEST(LookupsOf, ABudgetThatNoListFitsInReadsNothing) {
    EXPECT_TRUE(read_within(100).empty());
    EXPECT_TRUE(read_within(100, {}).empty());
}

}  // namespace
}  // namespace audio_ident::search
