#include "core/track_id.hpp"

#include <gtest/gtest.h>
#include <type_traits>
#include <unordered_set>

namespace audio_ident {
namespace {

// The id of a request or a job must not be usable as a track id.
static_assert(!std::is_convertible_v<Uuid, TrackId> && !std::is_convertible_v<TrackId, Uuid>);
// Index files store track ids exactly as in memory.
static_assert(std::is_trivially_copyable_v<TrackId> && sizeof(TrackId) == 16);

TEST(TrackId, ReadsAndPrintsItsUuid) {
    const auto id = TrackId::parse("0f8fad5b-d9cb-469f-a165-70867728950e");
    ASSERT_TRUE(id);
    EXPECT_EQ(id->to_string(), "0f8fad5b-d9cb-469f-a165-70867728950e");
    EXPECT_EQ(TrackId(id->uuid()), *id);
    EXPECT_FALSE(TrackId::parse("0f8fad5b"));
}

TEST(TrackId, SortsAsItsBytes) {
    const auto low = TrackId::parse("00000000-0000-4000-8000-0000000000ff");
    const auto high = TrackId::parse("01000000-0000-4000-8000-000000000000");
    ASSERT_TRUE(low && high);
    EXPECT_LT(*low, *high);
    EXPECT_LT(TrackId(), *low);
}

TEST(TrackId, NewOnesDiffer) {
    std::unordered_set<TrackId> ids;
    for (int i = 0; i < 1000; ++i) ids.insert(TrackId::random());
    EXPECT_EQ(ids.size(), 1000U);
}

}  // namespace
}  // namespace audio_ident
