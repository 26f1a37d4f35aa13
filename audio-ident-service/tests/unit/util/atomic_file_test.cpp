#include "util/atomic_file.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "support/child.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::util {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr auto kFast = Durability::program_crash;

std::string content(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void fill(const fs::path& file, std::string_view text) {
    std::ofstream(file, std::ios::binary) << text;
}

std::ptrdiff_t files_in(const fs::path& folder) {
    return std::distance(fs::directory_iterator(folder), {});
}

mode_t mode_of(const fs::path& file) {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

class AtomicFileTest : public testing::TestWithParam<Durability> {
  protected:
    const test::TempFolder folder_;
    const fs::path file_ = folder_ / "numbers.json";
};

TEST_P(AtomicFileTest, MakesAndReplacesAFileAndLeavesNothingBesideIt) {
    for (const char* text : {"longer text than the next", "a", ""}) {
        ASSERT_TRUE(replace_file(file_, text, GetParam()));
        EXPECT_EQ(content(file_), text);
    }
    EXPECT_EQ(files_in(folder_.path()), 1);
}

TEST_P(AtomicFileTest, CollectsPiecesAndShowsThemAtTheCommit) {
    fill(file_, "old");
    auto fresh = AtomicFile::create(file_, GetParam());
    ASSERT_TRUE(fresh);
    ASSERT_TRUE(fresh->write("head, "));
    std::ofstream(fresh->temporary(), std::ios::app) << "by a library, ";
    ASSERT_TRUE(fresh->write("tail"));
    ASSERT_TRUE(fresh->overwrite(0, std::as_bytes(std::span(std::string_view("HEAD")))));
    EXPECT_EQ(content(file_), "old");
    ASSERT_TRUE(fresh->commit());
    EXPECT_EQ(content(file_).substr(0, 6), "HEAD, ");
    EXPECT_EQ(files_in(folder_.path()), 1);
}

TEST_P(AtomicFileTest, WithoutACommitTheOldFileStays) {
    fill(file_, "old");
    {
        auto fresh = AtomicFile::create(file_, GetParam());
        ASSERT_TRUE(fresh && fresh->write("new"));
        AtomicFile moved(std::move(*fresh));
    }
    EXPECT_EQ(content(file_), "old");
    EXPECT_EQ(files_in(folder_.path()), 1);
}

TEST_P(AtomicFileTest, KeepsPermissions) {
    fill(file_, "secret");
    for (const mode_t mode : {0600U, 0640U, 0755U}) {
        ASSERT_EQ(::chmod(file_.c_str(), mode), 0);
        ASSERT_TRUE(replace_file(file_, "another secret", GetParam()));
        EXPECT_EQ(mode_of(file_), mode);
    }
}

TEST_P(AtomicFileTest, MovesAFinishedFileIntoPlace) {
    fill(file_, "old");
    fill(folder_ / "part", "downloaded");
    ASSERT_TRUE(move_into_place(folder_ / "part", file_, GetParam()));
    EXPECT_EQ(content(file_), "downloaded");
    EXPECT_EQ(files_in(folder_.path()), 1);
    EXPECT_FALSE(move_into_place(folder_ / "absent", file_, GetParam()));
    EXPECT_EQ(content(file_), "downloaded");
}

INSTANTIATE_TEST_SUITE_P(Both, AtomicFileTest, testing::Values(Durability::program_crash, Durability::power_cut),
                         [](const auto& made) { return made.param == kFast ? "program_crash" : "power_cut"; });

TEST(AtomicFile, ANewFileHasThePermissionsOfTheUmask) {
    const test::TempFolder folder;
    const mode_t before = ::umask(027);
    ASSERT_TRUE(replace_file(folder / "a", "text", kFast));
    ::umask(before);
    EXPECT_EQ(mode_of(folder / "a"), 0640U);
}

TEST(AtomicFile, NobodyElseReadsBeforeTheCommitWhatTheOldFileKeptFromThem) {
    const test::TempFolder folder;
    fill(folder / "a", "secret");
    ASSERT_EQ(::chmod((folder / "a").c_str(), 0600), 0);
    const auto fresh = AtomicFile::create(folder / "a", kFast);
    ASSERT_TRUE(fresh);
    EXPECT_EQ(mode_of(fresh->temporary()), 0600U);
}

TEST(AtomicFile, AFullDiskLeavesTheOldFileWhole) {
    const test::TempFolder folder;
    const fs::path file = folder / "a";
    fill(file, "old");
    const std::string said = test::in_child([&] {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{1 << 20, 1 << 20};
        if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return std::string("no limit");
        const auto whole = replace_file(file, std::string(2 << 20, 'x'), Durability::power_cut);
        auto pieces = AtomicFile::create(file, kFast);
        Result<void> written;
        while (pieces && written) written = pieces->write(std::string(300'000, 'y'));
        return (whole ? "written" : whole.error().message) + "|" + (written ? "written" : written.error().message);
    });
    EXPECT_THAT(said, HasSubstr("cannot write " + file.string()));
    EXPECT_THAT(said, HasSubstr("File too large"));
    EXPECT_THAT(said, testing::Not(HasSubstr("written")));
    EXPECT_EQ(content(file), "old");
    EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(AtomicFile, AFolderThatIsNotThereIsNamed) {
    const test::TempFolder folder;
    const auto written = replace_file(folder / "absent" / "a", "text", kFast);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().kind, ErrorKind::not_available);
    EXPECT_THAT(written.error().message, HasSubstr((folder / "absent" / "a").string()));
}

TEST(AtomicFile, AFolderInItsPlaceIsNotReplaced) {
    const test::TempFolder folder;
    fs::create_directories(folder / "a" / "b");
    EXPECT_FALSE(replace_file(folder / "a", "text", kFast));
    EXPECT_TRUE(fs::exists(folder / "a" / "b"));
    EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(AtomicFile, TakesOddNames) {
    const test::TempFolder folder;
    std::vector<std::string> names = {"-rf", " ",       "a\nb",     "\xff\xfe",
                                      "*",   ".hidden", "name.tmp", std::string(255, 'n')};
    for (const std::string& name : names) ASSERT_TRUE(replace_file(folder.path() / name, name, kFast)) << name;
    for (const std::string& name : names) EXPECT_EQ(content(folder.path() / name), name);
    EXPECT_EQ(files_in(folder.path()), std::ssize(names));
}

TEST(AtomicFile, ANameWithoutAFolderIsInTheWorkingDirectory) {
    const test::TempFolder folder;
    EXPECT_EQ(test::in_child([&] {
                  fs::current_path(folder.path());
                  return std::string(replace_file("bare", "text", Durability::power_cut) ? "done" : "failed");
              }),
              "done");
    EXPECT_EQ(content(folder / "bare"), "text");
}

TEST(AtomicFile, ASymbolicLinkStaysOne) {
    const test::TempFolder folder;
    fs::create_directory(folder / "elsewhere");
    fill(folder / "elsewhere" / "a", "old");
    fs::create_symlink("elsewhere/a", folder / "link");
    fs::create_symlink("nowhere", folder / "broken");
    ASSERT_TRUE(replace_file(folder / "link", "new", kFast));
    ASSERT_TRUE(replace_file(folder / "broken", "new", kFast));
    EXPECT_TRUE(fs::is_symlink(folder / "link"));
    EXPECT_EQ(content(folder / "elsewhere" / "a"), "new");
    EXPECT_EQ(files_in(folder / "elsewhere"), 1);
    EXPECT_EQ(content(folder / "broken"), "new");
}

TEST(AtomicFile, ReadersSeeOneWritersWholeContent) {
    const test::TempFolder folder;
    const fs::path file = folder / "a";
    ASSERT_TRUE(replace_file(file, std::string(100'000, 'a'), kFast));
    const auto keep_writing = [&](char letter) {
        for (int i = 0; i < 100; ++i) {
            if (!replace_file(file, std::string(100'000, letter), kFast)) return false;
        }
        return true;
    };
    bool ours = false;
    test::Child other([&](const auto& say) { say(keep_writing('c') ? "all written" : "failed"); });
    std::jthread thread([&] { ours = keep_writing('b'); });
    for (int i = 0; i < 200; ++i) {
        const std::string seen = content(file);
        ASSERT_EQ(seen.size(), 100'000U);
        ASSERT_EQ(std::ranges::count(seen, seen[0]), 100'000);
    }
    thread.join();
    EXPECT_TRUE(ours);
    EXPECT_EQ(other.line(), "all written");
    EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(AtomicFile, WhatAKilledWriterLeftIsRemovedAndALivingOnesFileIsNot) {
    const test::TempFolder folder;
    fill(folder / ".audio-ident-mine.tmp", "somebody's own");
    test::Child killed([&](const auto& say) {
        const auto fresh = AtomicFile::create(folder / "a", kFast);
        say(fresh ? "begun" : "failed");
        ::pause();
    });
    ASSERT_EQ(killed.line(), "begun");
    auto living = AtomicFile::create(folder / "b", kFast);  // while both live: nothing is removed
    ASSERT_TRUE(living && living->write("text"));
    EXPECT_EQ(files_in(folder.path()), 3);
    killed.kill();
    // Each process looks once at a folder, by its spelling; the child has inherited what this one has looked at.
    EXPECT_EQ(test::in_child([&] {
                  return std::string(replace_file(folder.path() / "." / "c", "text", kFast) ? "done" : "failed");
              }),
              "done");
    EXPECT_EQ(files_in(folder.path()), 3);  // somebody's own, the living writer's, and c
    ASSERT_TRUE(living->commit());
    EXPECT_EQ(content(folder / "b"), "text");
    EXPECT_TRUE(fs::exists(folder / ".audio-ident-mine.tmp"));
}

}  // namespace
}  // namespace audio_ident::util
