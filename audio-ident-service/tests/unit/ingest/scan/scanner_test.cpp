#include "ingest/scan/scanner.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "support/files.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::ingest {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class Collector : public ScanVisitor {
  public:
    explicit Collector(fs::path root) : root_(std::move(root)) {}

    bool file(FileEntry entry) override {
        files.push_back(relative(entry.path));
        last = std::move(entry);
        return files.size() < limit;
    }
    void ignored(const fs::path& path) override { others.push_back(relative(path)); }
    void problem(const fs::path& path, Error error) override { problems.emplace_back(relative(path), error.message); }

    std::vector<std::string> files;
    std::vector<std::string> others;
    std::vector<std::pair<std::string, std::string>> problems;
    FileEntry last;
    std::size_t limit = 1'000'000;

  private:
    std::string relative(const fs::path& path) const { return path.lexically_relative(root_).native(); }
    fs::path root_;
};

class ScannerTest : public testing::Test {
  protected:
    ScannerTest() : root_(fs::canonical(folder_.path())), collector_(root_) {}

    void put(std::string_view name, std::string_view content = "x") {
        fs::create_directories((root_ / name).parent_path());
        test::write_file(root_ / name, content);
    }
    Scanner scanner(ScanOptions options = {}) { return Scanner(options, collector_, stop_.get_token()); }
    void scan(ScanOptions options = {}) { scanner(options).scan(root_); }

    test::TempFolder folder_;
    fs::path root_;
    Collector collector_;
    std::stop_source stop_;
};

TEST_F(ScannerTest, WalksFoldersInTheOrderOfNamesAndIgnoresWhatIsNoMusic) {
    for (const char* name :
         {"b/2.mp3", "b/1.mp3", "a.flac", "b/c/z.ogg", "c.OPUS", "cover.jpg", "b/notes.txt", "B.wav"}) {
        put(name);
    }
    scan();
    EXPECT_THAT(collector_.files, ElementsAre("B.wav", "a.flac", "b/1.mp3", "b/2.mp3", "b/c/z.ogg", "c.OPUS"));
    EXPECT_THAT(collector_.others, ElementsAre("b/notes.txt", "cover.jpg"));
    EXPECT_THAT(collector_.problems, IsEmpty());
}

TEST_F(ScannerTest, ReportsSizeTimeAndAbsolutePath) {
    put("a.mp3", "12345");
    const struct timespec times[2] = {{0, UTIME_OMIT}, {1'700'000'000, 123'456'789}};
    ASSERT_EQ(::utimensat(AT_FDCWD, (root_ / "a.mp3").c_str(), times, 0), 0);
    scan();
    EXPECT_EQ(collector_.last.path, root_ / "a.mp3");
    EXPECT_EQ(collector_.last.status.size_bytes, 5);
    EXPECT_EQ(collector_.last.status.modified_ns, 1'700'000'000'123'456'789);
}

TEST_F(ScannerTest, HiddenFilesAndFoldersAreSkippedUnlessNamedOrAskedFor) {
    put(".hidden.mp3");
    put(".folder/a.mp3");
    put("b.mp3");
    scan();
    EXPECT_THAT(collector_.files, ElementsAre("b.mp3"));

    collector_.files.clear();
    Scanner named = scanner();
    named.scan(root_ / ".hidden.mp3");
    named.scan(root_ / ".folder");
    EXPECT_THAT(collector_.files, ElementsAre(".hidden.mp3", ".folder/a.mp3"));

    collector_.files.clear();
    scan({.hidden = Hidden::include});
    EXPECT_THAT(collector_.files, ElementsAre(".folder/a.mp3", ".hidden.mp3", "b.mp3"));
}

TEST_F(ScannerTest, AnExplicitFileIsTriedWhateverItsExtension) {
    put("notes.txt");
    put("noextension");
    Scanner named = scanner();
    named.scan(root_ / "notes.txt");
    named.scan(root_ / "noextension");
    EXPECT_THAT(collector_.files, ElementsAre("notes.txt", "noextension"));
}

TEST_F(ScannerTest, TakesNamesOfAnyBytes) {
    put("new\nline.mp3");
    put("\xff\xfe bytes.mp3");
    put("tab\there/\x01.mp3");
    scan();
    EXPECT_THAT(collector_.files, ElementsAre("new\nline.mp3", "tab\there/\x01.mp3", "\xff\xfe bytes.mp3"));
}

TEST_F(ScannerTest, LinksToFilesAreFollowedButNoFileIsMetTwice) {
    put("b/real.mp3");
    put("elsewhere.bin");
    fs::create_symlink(root_ / "b/real.mp3", root_ / "z-link.mp3");
    fs::create_symlink(root_ / "elsewhere.bin", root_ / "link.mp3");
    fs::create_hard_link(root_ / "b/real.mp3", root_ / "hard.mp3");
    scan();
    EXPECT_THAT(collector_.files, ElementsAre("b/real.mp3", "link.mp3"));
    EXPECT_THAT(collector_.others, ElementsAre("elsewhere.bin"));
}

TEST_F(ScannerTest, AFileNamedTwiceIsMetOnce) {
    put("a/x.mp3");
    Scanner named = scanner();
    named.scan(root_ / "a/x.mp3");
    named.scan(root_ / "a");
    named.scan(root_);
    named.scan(root_ / "a" / ".." / "a" / "x.mp3");
    EXPECT_THAT(collector_.files, ElementsAre("a/x.mp3"));
}

TEST_F(ScannerTest, LinksToFoldersAreFollowedOnlyOnRequestAndLoopsEnd) {
    put("music/a.mp3");
    put("other/b.mp3");
    fs::create_directory_symlink(root_ / "other", root_ / "music/link");
    fs::create_directory_symlink(root_ / "music", root_ / "music/loop");
    fs::create_directory_symlink(root_, root_ / "other/up");

    scanner().scan(root_ / "music");
    EXPECT_THAT(collector_.files, ElementsAre("music/a.mp3"));
    EXPECT_THAT(collector_.others, ElementsAre("music/link", "music/loop"));

    collector_.files.clear();
    scanner({.folder_links = FolderLinks::follow}).scan(root_ / "music");
    EXPECT_THAT(collector_.files, ElementsAre("music/a.mp3", "music/link/b.mp3"));
    EXPECT_THAT(collector_.problems, IsEmpty());
}

TEST_F(ScannerTest, ANamedLinkToAFolderIsFollowed) {
    put("music/a.mp3");
    fs::create_directory_symlink(root_ / "music", root_ / "link");
    scanner().scan(root_ / "link");
    EXPECT_THAT(collector_.files, ElementsAre("link/a.mp3"));
}

TEST_F(ScannerTest, BrokenAndLoopingLinksAreProblemsAndTheRestGoesOn) {
    put("z.mp3");
    fs::create_symlink(root_ / "missing", root_ / "broken.mp3");
    fs::create_symlink(root_ / "loop.mp3", root_ / "loop.mp3");
    scan();
    EXPECT_THAT(collector_.files, ElementsAre("z.mp3"));
    ASSERT_EQ(collector_.problems.size(), 2U);
    EXPECT_EQ(collector_.problems[0],
              std::pair("broken.mp3" + std::string(), std::string("a symbolic link to a file that is not there")));
    EXPECT_EQ(collector_.problems[1], std::pair("loop.mp3" + std::string(), std::string("a loop of symbolic links")));
}

TEST_F(ScannerTest, PipesAndMissingNamesAreProblemsWhenNamed) {
    ASSERT_EQ(::mkfifo((root_ / "pipe.mp3").c_str(), 0600), 0);
    scan();
    EXPECT_THAT(collector_.others, ElementsAre("pipe.mp3"));

    Scanner named = scanner();
    named.scan(root_ / "pipe.mp3");
    named.scan(root_ / "missing.mp3");
    named.scan("");
    ASSERT_EQ(collector_.problems.size(), 3U);
    EXPECT_EQ(collector_.problems[0].second, "neither a regular file nor a folder");
    EXPECT_EQ(collector_.problems[1].second, "no such file or folder");
    EXPECT_EQ(collector_.problems[2].second, "an empty name");
    EXPECT_THAT(named.folders(), IsEmpty());
}

/// The tests may run as root, who can read everything.
class OrdinaryUser {
  public:
    OrdinaryUser() : was_root_(::geteuid() == 0) {
        if (was_root_ && ::seteuid(65534) != 0) throw std::runtime_error("seteuid failed");
    }
    ~OrdinaryUser() {
        if (was_root_ && ::seteuid(0) != 0) std::abort();
    }

  private:
    bool was_root_;
};

TEST_F(ScannerTest, AnUnreadableFolderIsReportedAndTheRestGoesOn) {
    put("a/x.mp3");
    put("locked/y.mp3");
    put("z.mp3");
    fs::permissions(root_, fs::perms::all);
    fs::permissions(root_ / "locked", fs::perms::none);
    Scanner named = scanner();
    {
        const OrdinaryUser user;
        named.scan(root_);
        named.scan(root_ / "locked");
    }
    fs::permissions(root_ / "locked", fs::perms::all);
    EXPECT_THAT(collector_.files, ElementsAre("a/x.mp3", "z.mp3"));
    ASSERT_EQ(collector_.problems.size(), 2U);
    EXPECT_EQ(collector_.problems[0].first, "locked");
    EXPECT_NE(collector_.problems[0].second.find("Permission denied"), std::string::npos);
    ASSERT_EQ(named.folders().size(), 2U);
    EXPECT_TRUE(named.folders()[0].readable);
    EXPECT_FALSE(named.folders()[1].readable);
}

TEST_F(ScannerTest, TellsAnEmptyFolderFromOneWithoutMusic) {
    fs::create_directory(root_ / "empty");
    put("other/readme.txt");
    Scanner named = scanner();
    named.scan(root_ / "empty");
    named.scan(root_ / "other");
    ASSERT_EQ(named.folders().size(), 2U);
    EXPECT_TRUE(named.folders()[0].empty);
    EXPECT_FALSE(named.folders()[1].empty);
}

TEST_F(ScannerTest, EndsWhenTheVisitorHasEnoughOrAStopIsRequested) {
    for (int i = 0; i < 10; ++i) put(std::to_string(i) + ".mp3");
    collector_.limit = 3;
    Scanner limited = scanner();
    limited.scan(root_);
    EXPECT_FALSE(limited.complete());
    EXPECT_EQ(collector_.files.size(), 3U);

    collector_.files.clear();
    stop_.request_stop();
    Scanner stopped = scanner();
    stopped.scan(root_);
    EXPECT_FALSE(stopped.complete());
    EXPECT_THAT(collector_.files, IsEmpty());
}

TEST_F(ScannerTest, ScansTheNamesOfAList) {
    put("a.mp3");
    put("folder/b.mp3");
    put("li\nst.mp3");
    std::string content;
    for (const char* name : {"li\nst.mp3", "folder", "missing.mp3", "a.mp3"}) {
        content += (root_ / name).native();
        content += '\0';
    }
    put("names.txt", content);
    auto list = NameList::open(root_ / "names.txt");
    ASSERT_TRUE(list);
    const auto scanned = scanner().scan_list(*list);
    ASSERT_TRUE(scanned) << scanned.error().message;
    EXPECT_THAT(collector_.files, ElementsAre("li\nst.mp3", "folder/b.mp3", "a.mp3"));
    ASSERT_EQ(collector_.problems.size(), 1U);
}

TEST_F(ScannerTest, ANameWithDotsMeansTheFileTheSystemWouldOpen) {
    put("real/inner/x.mp3");
    put("real/y.mp3");
    fs::create_directory_symlink(root_ / "real/inner", root_ / "link");
    EXPECT_EQ(normal_path(root_ / "real/inner/../y.mp3"), root_ / "real/y.mp3");
    EXPECT_EQ(normal_path(root_ / "link/../y.mp3"), root_ / "real/y.mp3");
    EXPECT_EQ(normal_path(root_ / "./real//inner/"), root_ / "real/inner");
    EXPECT_EQ(normal_path("/"), "/");
}

}  // namespace
}  // namespace audio_ident::ingest
