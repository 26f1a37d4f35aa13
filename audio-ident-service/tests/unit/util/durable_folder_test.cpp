#include "util/durable_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/files.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::util {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class DurableFolder : public testing::Test {
  protected:
    audio_ident::test::TempFolder folder_;
};

TEST_F(DurableFolder, IsMadeWithThoseAboveItAndMayBeThere) {
    for (int time = 0; time < 2; ++time) {
        EXPECT_TRUE(make_durable_folder(folder_ / "a" / "b" / "c" / ""));
        EXPECT_TRUE(fs::is_directory(folder_ / "a" / "b" / "c"));
    }
}

TEST_F(DurableFolder, ThatCannotBeMadeIsNamed) {
    audio_ident::test::write_file(folder_ / "file", std::string_view("a file"));
    const auto made = make_durable_folder(folder_ / "file" / "folder");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().kind, ErrorKind::not_available);
    EXPECT_THAT(made.error().message, HasSubstr((folder_ / "file" / "folder").string()));
}

TEST_F(DurableFolder, IsItsOwnersAloneWhenItIsPrivate) {
    EXPECT_FALSE(make_private_folder(folder_ / "a" / "b" / ""));
    EXPECT_EQ(fs::status(folder_ / "a" / "b").permissions(), fs::perms::owner_all);
    EXPECT_NE(fs::status(folder_ / "a").permissions(), fs::perms::owner_all);
    fs::permissions(folder_ / "a" / "b", fs::perms(0750));
    EXPECT_FALSE(make_private_folder(folder_ / "a" / "b"));
    EXPECT_EQ(fs::status(folder_ / "a" / "b").permissions(), fs::perms(0750)) << "somebody chose it";
    audio_ident::test::write_file(folder_ / "file", std::string_view("a file"));
    EXPECT_TRUE(make_private_folder(folder_ / "file"));
    EXPECT_TRUE(make_private_folder(folder_ / "file" / "b"));
}

TEST_F(DurableFolder, LosesAFileForGoodAndDoesNotMindAnAbsentOne) {
    audio_ident::test::write_file(folder_ / "file", std::string_view("a file"));
    EXPECT_TRUE(remove_durably(folder_ / "file"));
    EXPECT_FALSE(fs::exists(folder_ / "file"));
    EXPECT_TRUE(remove_durably(folder_ / "file"));
    fs::create_directory(folder_ / "full");
    audio_ident::test::write_file(folder_ / "full" / "file", std::string_view("a file"));
    EXPECT_FALSE(remove_durably(folder_ / "full")) << "a folder with files";
}

}  // namespace
}  // namespace audio_ident::util
