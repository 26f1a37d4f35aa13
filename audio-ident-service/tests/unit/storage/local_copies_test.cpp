#include "storage/local_copies.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <functional>
#include <gtest/gtest.h>
#include <set>
#include <sys/stat.h>

#include "storage/stored_name.hpp"
#include "support/files.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::storage {
namespace {

namespace fs = std::filesystem;

class LocalCopiesTest : public testing::Test {
  protected:
    static std::string name_of(int i) { return upload_name(fmt::format("{:064x}", i + 1), "song.mp3"); }
    /// A copy of a hundred bytes that was used so long ago.
    fs::path add(int i, int minutes_ago) {
        const auto file = folder_.path() / name_of(i);
        fs::create_directories(file.parent_path());
        test::write_file(file, std::string(100, 'x'));
        timespec now{};
        ::clock_gettime(CLOCK_REALTIME, &now);
        const timespec times[] = {{now.tv_sec - 60 * minutes_ago, 0}, {.tv_sec = 0, .tv_nsec = UTIME_OMIT}};
        ::utimensat(AT_FDCWD, file.c_str(), times, 0);
        return file;
    }
    bool is_there(int i) const { return fs::exists(folder_.path() / name_of(i)); }
    LocalCopies copies(std::uint64_t limit, const std::string& server = "s3://music") {
        return {folder_.path(), limit, server,
                [this](const std::string& name, std::uint64_t bytes) -> std::optional<bool> {
                    if (!answers_) return std::nullopt;
                    asked_(name);
                    return bytes == 100 && !not_on_server_.contains(name);
                }};
    }

    test::TempFolder folder_;
    bool answers_ = true;
    std::set<std::string> not_on_server_;
    std::function<void(const std::string& name)> asked_ = [](const std::string&) {};
};

TEST_F(LocalCopiesTest, ThoseGoThatNobodyHasUsedForLongest) {
    for (int i = 0; i < 10; ++i) add(i, 100 - i);
    auto copies = this->copies(1000);
    EXPECT_TRUE(copies.use(name_of(0)));
    copies.came(add(10, 0));
    EXPECT_TRUE(is_there(0)) << "it was used just now";
    EXPECT_FALSE(is_there(1));
    EXPECT_FALSE(is_there(2)) << "down to nine tenths";
    EXPECT_TRUE(is_there(3));
    EXPECT_TRUE(is_there(10));
    EXPECT_FALSE(copies.use(name_of(1)));
    EXPECT_FALSE(fs::exists((folder_.path() / name_of(1)).parent_path()));
}

TEST_F(LocalCopiesTest, WhatOnlyThisFolderHasStays) {
    for (int i = 0; i < 10; ++i) add(i, 100 - i);
    not_on_server_ = {name_of(0), name_of(1)};
    auto copies = this->copies(1000);
    copies.came(add(10, 0));
    EXPECT_TRUE(is_there(0));
    EXPECT_TRUE(is_there(1));
    EXPECT_FALSE(is_there(2));
    EXPECT_FALSE(is_there(3));
}

TEST_F(LocalCopiesTest, WhatTheServerHadAndHasNoLongerGoes) {
    auto copies = this->copies(1000);
    for (int i = 0; i < 10; ++i) copies.mark(add(i, 100 - i));
    not_on_server_ = {name_of(0), name_of(1)};
    // Without extended attributes nobody can tell: they stay, and others go.
    const bool has_marks = test::keeps_attributes(folder_.path() / name_of(0));
    copies.came(add(10, 0));
    EXPECT_NE(is_there(0), has_marks);
    EXPECT_NE(is_there(1), has_marks);
    EXPECT_EQ(is_there(2), has_marks);
}

TEST_F(LocalCopiesTest, WhatAnotherServerHadStays) {
    const auto before = this->copies(1000, "s3://music at the old server");
    for (int i = 0; i < 10; ++i) before.mark(add(i, 100 - i));
    not_on_server_ = {name_of(0)};
    auto copies = this->copies(1000);
    copies.came(add(10, 0));
    EXPECT_TRUE(is_there(0));
    EXPECT_FALSE(is_there(1));
}

TEST_F(LocalCopiesTest, WhatSomebodyUsesWhileTheServerIsAskedStays) {
    for (int i = 0; i < 10; ++i) add(i, 100 - i);
    auto copies = this->copies(1000);
    asked_ = [&](const std::string& name) {
        if (name != name_of(0)) return;
        EXPECT_TRUE(copies.use(name));
    };
    copies.came(add(10, 0));
    EXPECT_TRUE(is_there(0));
    EXPECT_FALSE(is_there(1));
    EXPECT_FALSE(is_there(2)) << "another goes instead";
    EXPECT_TRUE(is_there(3));
}

TEST_F(LocalCopiesTest, NothingGoesWhileTheServerDoesNotAnswer) {
    for (int i = 0; i < 10; ++i) add(i, 100 - i);
    answers_ = false;
    auto copies = this->copies(500);
    copies.came(add(10, 0));
    for (int i = 0; i <= 10; ++i) EXPECT_TRUE(is_there(i));
    answers_ = true;
    copies.came(add(11, 0));
    EXPECT_FALSE(is_there(0));
}

TEST_F(LocalCopiesTest, OtherFilesOfTheFolderStay) {
    const auto kept = folder_ / "notes.txt";
    test::write_file(kept, std::string(10'000, 'x'));
    const auto heard = folder_.path() / "timelines/7d3f1a52-0a6f-4f6e-9a51-0f4d53c1b7aa/heard";
    fs::create_directories(heard.parent_path());
    test::write_file(heard, std::string(10'000, 'x'));
    add(0, 100);
    auto copies = this->copies(0);
    copies.came(add(1, 0));
    EXPECT_TRUE(fs::exists(kept));
    EXPECT_TRUE(fs::exists(heard));
    EXPECT_FALSE(is_there(0));
    EXPECT_TRUE(is_there(1)) << "somebody may be about to open it";
}

}  // namespace
}  // namespace audio_ident::storage
