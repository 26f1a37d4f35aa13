#include "http/access.hpp"

#include <gtest/gtest.h>
#include <optional>

namespace audio_ident::http {
namespace {

/// Why the request is refused; nullopt when it is allowed.
std::optional<Reason> verdict(const AccessRules& rules, Fields headers, Access access = Access::read,
                              std::string method = "GET") {
    Request request;
    request.method = std::move(method);
    request.headers = std::move(headers);
    const auto allowed = check_access(rules, request, access);
    return allowed ? std::nullopt : std::optional(allowed.error().reason);
}

TEST(Access, OtherNamesForThisMachineAreRefused) {
    const AccessRules rules{.origins = {}, .hosts = {"music.lan"}, .write_key = {}};
    for (const char* host :
         {"localhost", "localhost:17010", "127.0.0.1:17010", "[::1]:17010", "192.168.1.2", "MUSIC.lan:1"}) {
        EXPECT_EQ(verdict(rules, {{"host", host}}), std::nullopt) << host;
    }
    for (const char* host : {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example:17010", "[", "["}) {
        EXPECT_EQ(verdict(rules, {{"host", host}}), Reason::forbidden) << host;
    }
    EXPECT_EQ(verdict({.origins = {}, .hosts = {"*"}, .write_key = {}}, {{"host", "any.example"}}), std::nullopt);
}

TEST(Access, OtherSitesAreRefusedUnlessTheyAreListed) {
    const AccessRules rules{.origins = {"http://localhost:17000"}, .hosts = {}, .write_key = {}};
    const auto with_origin = [&](const char* origin) {
        return verdict(rules, {{"host", "localhost:17010"}, {"origin", origin}}, Access::write, "POST");
    };
    EXPECT_EQ(with_origin("http://localhost:17000"), std::nullopt);
    EXPECT_EQ(with_origin("http://localhost:17010"), std::nullopt);
    EXPECT_EQ(with_origin("http://localhost:17001"), Reason::forbidden);
    EXPECT_EQ(with_origin("https://evil.example"), Reason::forbidden);
    EXPECT_EQ(with_origin("null"), Reason::forbidden);
    EXPECT_EQ(verdict(rules, {{"host", "localhost"}, {"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "no-cors"}}),
              Reason::forbidden);
    EXPECT_EQ(verdict(rules, {{"host", "localhost"}, {"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "navigate"}}),
              std::nullopt);
    EXPECT_EQ(verdict(rules, {{"host", "localhost"}, {"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "navigate"}},
                      Access::write, "POST"),
              Reason::forbidden);
}

TEST(Access, WritesShowTheKey) {
    const AccessRules rules{.origins = {}, .hosts = {}, .write_key = "secret"};
    EXPECT_EQ(verdict(rules, {}, Access::read), std::nullopt);
    EXPECT_EQ(verdict(rules, {}, Access::write), Reason::unauthorized);
    for (const char* wrong : {"secret", "Bearer", "Bearer ", "Bearer secre", "Bearer secret ", "Basic secret"}) {
        EXPECT_EQ(verdict(rules, {{"authorization", wrong}}, Access::write), Reason::unauthorized) << wrong;
    }
    EXPECT_EQ(verdict(rules, {{"authorization", "bearer secret"}}, Access::write), std::nullopt);
}

TEST(Access, KnowsWhichAddressesStayOnThisMachine) {
    for (const char* address : {"127.0.0.1", "127.1.2.3", "::1", "localhost"}) EXPECT_TRUE(is_loopback(address));
    for (const char* address : {"0.0.0.0", "::", "192.168.0.1", "example.org", ""}) EXPECT_FALSE(is_loopback(address));
}

}  // namespace
}  // namespace audio_ident::http
