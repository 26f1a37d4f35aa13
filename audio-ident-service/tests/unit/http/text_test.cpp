#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/paths.hpp"
#include "http/query.hpp"
#include "http/range.hpp"
#include "http/rate_limit.hpp"
#include "http/route.hpp"
#include "http/schema.hpp"
#include "http/types.hpp"

namespace audio_ident::http {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(Query, ReadsFieldsInOrder) {
    EXPECT_THAT(*parse_query("a=1&&b=x%20y+z&c&a=%C3%A9&=v"),
                ElementsAre(Pair("a", "1"), Pair("b", "x y z"), Pair("c", ""), Pair("a", "é"), Pair("", "v")));
    EXPECT_TRUE(parse_query("")->empty());
}

TEST(Query, RefusesWhatIsNoText) {
    for (const char* bad : {"a=%", "a=%4", "a=%zz", "a=%FF", "a=%00", "%80=a"}) EXPECT_FALSE(parse_query(bad)) << bad;
    std::string many;
    for (int i = 0; i < 101; ++i) many += "a=1&";
    EXPECT_FALSE(parse_query(many));
}

TEST(Query, APlusInAPathIsAPlus) {
    EXPECT_EQ(percent_decode("a+b%2B", Plus::plain), "a+b+");
}

TEST(Range, GivesTheBytesThatAreAskedFor) {
    const auto range = [](std::string_view header) { return std::get<ByteRange>(parse_range(header, 1000)); };
    EXPECT_EQ(range("bytes=0-0"), (ByteRange{0, 1}));
    EXPECT_EQ(range("bytes=10-19"), (ByteRange{10, 10}));
    EXPECT_EQ(range("bytes=990-"), (ByteRange{990, 10}));
    EXPECT_EQ(range("bytes=990-99999999999999999999999"), (ByteRange{990, 10}));
    EXPECT_EQ(range("bytes=-10"), (ByteRange{990, 10}));
    EXPECT_EQ(range("bytes=-5000"), (ByteRange{0, 1000}));
}

TEST(Range, IgnoresWhatItDoesNotUnderstand) {
    for (const char* header : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "items=0-1", "bytes=0-1,5-6",
                               "bytes= 0-1", "bytes=0x1-2", "bytes=--5"}) {
        EXPECT_TRUE(std::holds_alternative<WholeBody>(parse_range(header, 1000))) << header;
    }
}

TEST(Range, SaysWhenThereIsNothingThere) {
    EXPECT_TRUE(std::holds_alternative<Unsatisfiable>(parse_range("bytes=1000-", 1000)));
    EXPECT_TRUE(std::holds_alternative<Unsatisfiable>(parse_range("bytes=-0", 1000)));
    EXPECT_TRUE(std::holds_alternative<Unsatisfiable>(parse_range("bytes=0-", 0)));
    EXPECT_TRUE(std::holds_alternative<Unsatisfiable>(parse_range("bytes=-1", 0)));
}

TEST(Fields, AreCheckedByTheirDescription) {
    const auto form = parse_fields<SearchForm>({{"mode", "exact"}, {"max_results", "50"}, {"other", "x"}});
    ASSERT_TRUE(form);
    EXPECT_EQ(form->mode, search::SearchMode::exact);
    EXPECT_EQ(form->max_results, 50);
    EXPECT_EQ(parse_fields<SearchForm>({})->mode, search::SearchMode::both);
    EXPECT_FALSE(parse_fields<SearchForm>({})->diverse);
    EXPECT_TRUE(parse_fields<SearchForm>({{"diverse", "true"}})->diverse);
    EXPECT_FALSE(parse_fields<SearchForm>({{"diverse", "false"}})->diverse);

    const auto problem = [](Fields fields) { return parse_fields<SearchForm>(fields).error().message; };
    EXPECT_EQ(problem({{"mode", "loud"}}), "mode must be one of exact, vibe, both");
    EXPECT_EQ(problem({{"max_results", "51"}}), "max_results must be from 1 to 50");
    EXPECT_EQ(problem({{"max_results", "1.5"}}), "max_results must be an integer");
    EXPECT_EQ(problem({{"max_results", ""}}), "max_results must be an integer");
    EXPECT_EQ(problem({{"diverse", "1"}}), "diverse must be true or false");
    EXPECT_EQ(problem({{"mode", "vibe"}, {"mode", "exact"}}), "mode was given twice");
    EXPECT_EQ(parse_fields<SearchForm>({{"mode", ""}}).error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(parse_fields<TracksQuery>({{"search", std::string(501, 'x')}}).error().message, HasSubstr("500"));
    EXPECT_TRUE(parse_fields<TracksQuery>({{"search", std::string(500, 'x')}}));
    EXPECT_FALSE(parse_fields<IngestForm>({{"directory", ""}}));
}

TEST(Schema, FollowsTheStruct) {
    boost::json::object components;
    schema_of<search::ExactMatch>(components);
    const auto& match = components.at("ExactMatch").as_object();
    EXPECT_EQ(match.at("properties").at("track").at("$ref").as_string(), "#/components/schemas/TrackInfo");
    EXPECT_EQ(match.at("properties").at("confidence").at("maximum").to_number<int>(), 1);
    EXPECT_EQ(components.at("TrackInfo").at("properties").at("artist").at("anyOf").as_array().size(), 2U);
    EXPECT_EQ(components.at("TrackInfo").at("properties").at("id").at("format").as_string(), "uuid");
    EXPECT_EQ(names_of<search::SearchMode>(), (boost::json::array{"exact", "vibe", "both"}));
}

TEST(Routes, AreFoundByMethodAndPath) {
    const std::vector<Route> routes = {{.method = "GET", .pattern = "/a/{id}"},
                                       {.method = "DELETE", .pattern = "/a/{id}"},
                                       {.method = "POST", .pattern = "/a"}};
    const auto found = find_route(routes, "HEAD", "/a/7");
    EXPECT_EQ(found.route, &routes[0]);
    EXPECT_THAT(found.parameters, ElementsAre(Pair("id", "7")));
    EXPECT_EQ(find_route(routes, "DELETE", "/a/7").route, &routes[1]);
    EXPECT_EQ(find_route(routes, "PUT", "/a/7").allowed, "GET, HEAD, DELETE, OPTIONS");
    EXPECT_EQ(find_route(routes, "PUT", "/a/7").route, nullptr);
    for (const char* path : {"", "a", "/", "/b", "/a/7/", "/a/7/8"}) {
        EXPECT_EQ(find_route(routes, "GET", path).allowed, "") << path;
    }
}

TEST(RateLimit, RefillsEvenly) {
    RateLimiter limiter(60);
    const RateLimiter::Clock::time_point begin{};
    for (int i = 0; i < 60; ++i) EXPECT_EQ(limiter.check("a", begin).count(), 0);
    EXPECT_EQ(limiter.check("a", begin).count(), 1);
    EXPECT_EQ(limiter.check("b", begin).count(), 0);
    EXPECT_EQ(limiter.check("a", begin + std::chrono::seconds(1)).count(), 0);
    EXPECT_EQ(limiter.check("a", begin + std::chrono::seconds(1)).count(), 1);
    RateLimiter none(0);
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(none.check("a", begin).count(), 0);
}

TEST(Paths, FileNamesOfClientsAreMadeSafe) {
    EXPECT_EQ(safe_file_name("../../etc/passwd"), "passwd");
    EXPECT_EQ(safe_file_name("C:\\Music\\Söng.mp3"), "Söng.mp3");
    EXPECT_EQ(safe_file_name("...hidden\n\x7F.mp3"), "hidden.mp3");
    EXPECT_EQ(safe_file_name(".."), "audio");
    EXPECT_EQ(safe_file_name(""), "audio");
    EXPECT_EQ(safe_file_name(std::string(300, 'x') + ".flac").size(), 200U);
    EXPECT_TRUE(safe_file_name(std::string(300, 'x') + ".flac").ends_with(".flac"));
}

TEST(Paths, BelowIsByWholeNames) {
    EXPECT_TRUE(lies_below("/music/a", "/music"));
    EXPECT_TRUE(lies_below("/music", "/music/"));
    EXPECT_FALSE(lies_below("/music2", "/music"));
    EXPECT_FALSE(lies_below("/music/../etc", "/music"));
}

}  // namespace
}  // namespace audio_ident::http
