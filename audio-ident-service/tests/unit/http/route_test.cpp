#include "http/route.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace audio_ident::http {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

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

}  // namespace
}  // namespace audio_ident::http
