#include "lib/curl/public_address.hpp"

#include <arpa/inet.h>
#include <cstring>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <string>
#include <sys/un.h>

#include "lib/curl/streams.hpp"

namespace audio_ident::curl {
namespace {

bool is_public_text(const std::string& text) {
    sockaddr_storage address{};
    if (text.find(':') == std::string::npos) {
        auto& v4 = reinterpret_cast<sockaddr_in&>(address);
        v4.sin_family = AF_INET;
        EXPECT_EQ(::inet_pton(AF_INET, text.c_str(), &v4.sin_addr), 1) << text;
    } else {
        auto& v6 = reinterpret_cast<sockaddr_in6&>(address);
        v6.sin6_family = AF_INET6;
        EXPECT_EQ(::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr), 1) << text;
    }
    EXPECT_EQ(text_of(reinterpret_cast<const sockaddr&>(address)), text);
    return is_public(reinterpret_cast<const sockaddr&>(address));
}

TEST(PublicAddressTest, KnowsTheInternet) {
    for (const char* text :
         {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1",
          "192.167.1.1", "223.255.255.255", "2a00:1450:4001::1", "2606:4700::1111", "2002:101:101::1"})
        EXPECT_TRUE(is_public_text(text)) << text;
}

TEST(PublicAddressTest, KnowsThisMachineAndItsNetwork) {
    for (const char* text : {"0.0.0.0",         "10.1.2.3",   "100.64.0.1",      "127.0.0.1", "127.255.255.255",
                             "169.254.169.254", "172.16.0.1", "172.31.255.255",  "192.0.0.1", "192.168.0.1",
                             "198.18.0.1",      "224.0.0.1",  "255.255.255.255", "::",        "::1",
                             "fe80::1",         "fc00::1",    "fd12::1",         "ff02::1",   "fec0::1",
                             "2002:7f00:1::1",  "2001::1"})
        EXPECT_FALSE(is_public_text(text)) << text;
    // IPv4 inside IPv6.
    for (const char* text : {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"})
        EXPECT_FALSE(is_public_text(text)) << text;
    EXPECT_TRUE(is_public_text("::ffff:1.1.1.1"));
    EXPECT_TRUE(is_public_text("64:ff9b::101:101"));
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    EXPECT_FALSE(is_public(reinterpret_cast<const sockaddr&>(local)));
}

TEST(ResolveUrlTest, FollowsReferencesOfHttpOnly) {
    EXPECT_EQ(resolve_url("https://host/a/list.m3u8", "b.ts?c=1"), "https://host/a/b.ts?c=1");
    EXPECT_EQ(resolve_url("https://host/a/list.m3u8", "/b.ts"), "https://host/b.ts");
    EXPECT_EQ(resolve_url("https://host/a", "http://other/b"), "http://other/b");
    EXPECT_EQ(resolve_url("https://host/a", "file:///etc/passwd"), std::nullopt);
    EXPECT_EQ(resolve_url("not a url", "b"), std::nullopt);
}

}  // namespace
}  // namespace audio_ident::curl
