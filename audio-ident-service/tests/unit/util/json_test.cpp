#include "util/json.hpp"

#include <boost/describe.hpp>
#include <gtest/gtest.h>
#include <limits>
#include <optional>
#include <vector>

namespace audio_ident::util {
namespace {

enum class Shade { light, dark };
BOOST_DESCRIBE_ENUM(Shade, light, dark)

struct Point {
    double x = 0;
    std::optional<std::string> name;
};
BOOST_DESCRIBE_STRUCT(Point, (), (x, name))

struct Drawing {
    std::vector<Point> points;
    Shade shade = Shade::light;
    long count = 0;
};
BOOST_DESCRIBE_STRUCT(Drawing, (), (points, shade, count))

TEST(Json, PrintsDescribedStructsInOrder) {
    const Drawing drawing{{{12.5, "a \"b\"\n"}, {0.001, std::nullopt}}, Shade::dark, -7};
    EXPECT_EQ(json_text_of(drawing),
              R"({"points":[{"x":12.5,"name":"a \"b\"\n"},{"x":0.001,"name":null}],"shade":"dark","count":-7})");
}

TEST(Json, NumbersAreShortAndValid) {
    EXPECT_EQ(json_text(0.1), "0.1");
    EXPECT_EQ(json_text(184.0), "184");
    EXPECT_EQ(json_text(1e300), "1e+300");
    EXPECT_EQ(json_text(std::numeric_limits<double>::quiet_NaN()), "null");
    EXPECT_EQ(json_text(std::numeric_limits<double>::infinity()), "null");
}

TEST(Json, KeepsTextBeyondAscii) {
    EXPECT_EQ(json_text("Für Elise ♫"), "\"Für Elise ♫\"");
}

}  // namespace
}  // namespace audio_ident::util
