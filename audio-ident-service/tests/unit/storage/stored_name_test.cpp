#include "storage/stored_name.hpp"

#include <gtest/gtest.h>

namespace audio_ident::storage {
namespace {

const std::string kHash = "ab" + std::string(62, '0');
const std::string kId = "7d3f1a52-0a6f-4f6e-9a51-0f4d53c1b7aa";

TEST(StoredName, IsTheSameInEveryFolder) {
    const auto name = "ab/" + kHash + "/song.mp3";
    EXPECT_EQ(upload_name(kHash, "song.mp3"), name);
    for (const std::string root : {"/", "/var/lib/uploads/", "/a/b/c/"}) EXPECT_EQ(stored_name(root + name), name);
    for (const std::string file : {"recording/set.mp3", "recording/heard", "heard", "peaks"})
        EXPECT_EQ(stored_name("/a/timelines/" + kId + "/" + file), "timelines/" + kId + "/" + file);
}

TEST(StoredName, OtherFilesHaveNone) {
    EXPECT_EQ(stored_name("/music/song.mp3"), std::nullopt);
    EXPECT_EQ(stored_name("/ac/" + kHash + "/song.mp3"), std::nullopt);
    EXPECT_EQ(stored_name("/AB/AB" + std::string(62, '0') + "/song.mp3"), std::nullopt);
    EXPECT_EQ(stored_name("/ab/" + kHash + "/"), std::nullopt);
    EXPECT_EQ(stored_name("/ab/" + kHash + "/.."), std::nullopt);
    EXPECT_EQ(stored_name("/a/timelines/" + kId + "/other"), std::nullopt);
    EXPECT_EQ(stored_name("/a/timelines/today/recording/set.mp3"), std::nullopt);
    EXPECT_EQ(stored_name(""), std::nullopt);
}

TEST(StoredName, SaysTheContentOfAnUpload) {
    EXPECT_EQ(content_of("ab/" + kHash + "/song.mp3"), kHash);
    EXPECT_EQ(content_of("timelines/" + kId + "/recording/a long name of a recording that lasts a day.mp3"),
              std::nullopt);
}

}  // namespace
}  // namespace audio_ident::storage
