#include "core/uuid.hpp"

#include <gtest/gtest.h>
#include <set>

namespace audio_ident {
namespace {

TEST(Uuid, PrintsAndReadsBackTheSameUuid) {
    const auto id = Uuid::parse("0F8fad5b-d9cb-469f-a165-70867728950e");
    ASSERT_TRUE(id);
    EXPECT_EQ(id->to_string(), "0f8fad5b-d9cb-469f-a165-70867728950e");
    EXPECT_EQ(Uuid::parse(id->to_string()), id);
}

TEST(Uuid, RefusesAnythingButAWholeUuid) {
    for (const char* text : {"", "0f8fad5b", "0f8fad5b-d9cb-469f-a165-70867728950", "0f8fad5bd9cb469fa16570867728950e",
                             "0f8fad5b-d9cb-469f-a165-70867728950g", "{f8fad5b-d9cb-469f-a165-70867728950e"}) {
        EXPECT_FALSE(Uuid::parse(text)) << text;
    }
}

TEST(Uuid, RandomOnesAreVersion4AndDiffer) {
    std::set<Uuid> ids;
    for (int i = 0; i < 1000; ++i) {
        const auto id = Uuid::random();
        EXPECT_EQ(id.to_string()[14], '4');
        ids.insert(id);
    }
    EXPECT_EQ(ids.size(), 1000U);
}

}  // namespace
}  // namespace audio_ident
