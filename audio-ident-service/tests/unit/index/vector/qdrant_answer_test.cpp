#include "index/vector/qdrant_answer.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>

#include "index/vector/qdrant_collection.hpp"

namespace audio_ident::index {
namespace {

using boost::json::parse;

TEST(QdrantAnswer, ReadsWhatIsThere) {
    const auto answer = parse(R"({"points": [{"name": "a", "score": 1}, {"score": 0.5}]})");
    const auto& points = items(member(answer, "points"));
    ASSERT_EQ(points.size(), 2U);
    EXPECT_EQ(text(member(points[0], "name")), "a");
    EXPECT_EQ(number<int>(member(points[0], "score")), 1);
    EXPECT_EQ(number<float>(member(points[1], "score")), 0.5F);
}

TEST(QdrantAnswer, ThrowsWhereItHasAnotherShape) {
    const auto answer = parse(R"({"points": {"name": 5}, "count": "7", "part": 1.5, "less": -1})");
    EXPECT_THROW(member(answer, "point"), Corrupt);
    EXPECT_THROW(member(member(answer, "count"), "points"), Corrupt);
    EXPECT_THROW(items(member(answer, "points")), Corrupt);
    EXPECT_THROW(text(member(member(answer, "points"), "name")), Corrupt);
    EXPECT_THROW(number<int>(member(answer, "count")), Corrupt);
    EXPECT_THROW(number<int>(member(answer, "part")), Corrupt);
    EXPECT_THROW(number<unsigned>(member(answer, "less")), Corrupt);
}

TEST(QdrantAnswer, ThatMakesNoSenseIsCorruptAndNothingElseIs) {
    const QdrantClient client("http://localhost:1", "");
    const auto answer = parse("[]");
    const auto senseless =
        guarded_answer(client, [&]() -> Result<std::string> { return std::string(text(member(answer, "id"))); });
    ASSERT_FALSE(senseless);
    EXPECT_EQ(senseless.error().kind, ErrorKind::corrupt);
    EXPECT_THAT(senseless.error().message, testing::HasSubstr("cannot read an answer: \"id\" is missing"));
    const auto bug = guarded_answer(client, []() -> Result<void> { throw std::logic_error("a bug"); });
    ASSERT_FALSE(bug);
    EXPECT_EQ(bug.error().kind, ErrorKind::internal);
}

}  // namespace
}  // namespace audio_ident::index
