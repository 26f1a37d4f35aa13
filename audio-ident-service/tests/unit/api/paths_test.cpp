#include "api/paths.hpp"

#include <gtest/gtest.h>

namespace audio_ident::api {
namespace {

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
}  // namespace audio_ident::api
