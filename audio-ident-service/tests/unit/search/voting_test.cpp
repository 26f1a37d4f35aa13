#include "search/voting.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace audio_ident::search {
namespace {

using index::Lookup;

/// An index of a billion postings; a key's list is as long as the key says.
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

  private:
    std::vector<index::SegmentInfo> segments_{{1'000'000, 1'000'000'000}};
    index::IndexStats stats_{.tracks = 1, .postings = 1'000'000'000, .frames = 1'000'000, .segments = 1, .bytes = 1};
};

std::vector<Lookup> thousand_lookups() {
    std::vector<Lookup> lookups;
    for (std::uint32_t i = 0; i < 1000; ++i) lookups.push_back({10'000 - 7 * i, 10'000 - 7 * i + 2, 0});
    return lookups;
}

bool in_order(const std::vector<Lookup>& lookups) {
    return std::is_sorted(lookups.begin(), lookups.end(),
                          [](const Lookup& a, const Lookup& b) { return a.first < b.first; });
}

TEST(WithinBudget, KeepsEverythingWhereThereIsRoom) {
    const auto kept = within_budget(CrowdedSnapshot(), thousand_lookups(), 1'000'000'000);
    EXPECT_EQ(kept.size(), 1000U);
    EXPECT_TRUE(in_order(kept));
}

TEST(WithinBudget, KeepsWholeShortListsFirst) {
    constexpr std::uint64_t kBudget = 400'000;
    const auto lookups = thousand_lookups();
    const auto kept = within_budget(CrowdedSnapshot(), lookups, kBudget);
    EXPECT_TRUE(in_order(kept));
    ASSERT_FALSE(kept.empty());
    std::uint64_t postings = 0;
    for (const Lookup& lookup : kept) {
        EXPECT_NE(std::find(lookups.begin(), lookups.end(), lookup), lookups.end());
        postings += CrowdedSnapshot::length_of(lookup) + 1;
    }
    EXPECT_LE(postings, kBudget);
    // The first hundred short ones fit; a long one comes only when they are all in.
    const auto is_kept = [&](const Lookup& lookup) {
        return std::find(kept.begin(), kept.end(), lookup) != kept.end();
    };
    for (std::size_t i = 0; i < 100; ++i) {
        if (CrowdedSnapshot::length_of(lookups[i]) == 500) {
            EXPECT_TRUE(is_kept(lookups[i])) << i;
        }
    }
}

TEST(WithinBudget, ABudgetThatNoListFitsInReadsNothing) {
    EXPECT_TRUE(within_budget(CrowdedSnapshot(), thousand_lookups(), 100).empty());
    EXPECT_TRUE(within_budget(CrowdedSnapshot(), {}, 100).empty());
}

}  // namespace
}  // namespace audio_ident::search
