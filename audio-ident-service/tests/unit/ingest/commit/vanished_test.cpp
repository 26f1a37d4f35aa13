#include "ingest/commit/vanished.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/ingest/library.hpp"

namespace audio_ident::ingest {
namespace {

namespace fs = std::filesystem;
using test::Library;
using testing::ElementsAre;
using testing::IsEmpty;

class Vanished : public testing::Test {
  protected:
    Vanished() {
        library.put("disk/a.mp3", "song 1 100");
        library.put("disk/b.mp3", "song 2 100");
        library.put("other/c.mp3", "song 3 100");
        library.run();
    }
    IngestReport prune(std::vector<fs::path> paths) {
        IngestRequest request = library.request();
        request.paths = std::move(paths);
        request.prune = Prune::remove;
        return library.run(request);
    }

    Library library;
};

TEST_F(Vanished, AreReportedAndKept) {
    library.remove("disk/a.mp3");
    const IngestReport report = library.run();
    EXPECT_FALSE(report.fatal);
    EXPECT_EQ(report.vanished, 1);
    EXPECT_EQ(report.pruned, 0);
    EXPECT_THAT(report.vanished_files, ElementsAre(library.path_text("disk/a.mp3")));
    EXPECT_EQ(library.tracks().size(), 3U);
}

TEST_F(Vanished, AreRemovedWhenAskedFor) {
    library.remove("disk/a.mp3");
    const IngestReport report = prune({library.root});
    EXPECT_EQ(report.vanished, 1);
    EXPECT_EQ(report.pruned, 1);
    EXPECT_THAT(library.tracks(), ElementsAre("disk/b.mp3: song 2", "other/c.mp3: song 3"));
}

TEST_F(Vanished, OnlyBelowTheScannedFolders) {
    library.remove("disk/a.mp3");
    const IngestReport report = prune({library.root / "other"});
    EXPECT_EQ(report.vanished, 0);
    EXPECT_EQ(library.tracks().size(), 3U);

    // A path that only begins with the folder's name is not below it.
    library.put("dis/x.mp3", "song 9 100");
    EXPECT_EQ(prune({library.root / "dis"}).vanished, 0);
}

TEST_F(Vanished, NotWhenTheFolderItselfIsMissing) {
    fs::rename(library.root / "disk", library.root / "away");
    const IngestReport report = prune({library.root / "disk"});
    EXPECT_EQ(report.vanished, 0);
    EXPECT_EQ(report.errors.size(), 1U);
    EXPECT_EQ(library.tracks().size(), 3U);
}

TEST_F(Vanished, NotWhenTheFolderIsEmptyLikeAMountPointWithoutItsDisk) {
    fs::rename(library.root / "disk", library.folder / "away");
    fs::create_directory(library.root / "disk");
    const IngestReport report = prune({library.root / "disk"});
    EXPECT_EQ(report.vanished, 0);
    ASSERT_EQ(report.notices.size(), 1U);
    EXPECT_NE(report.notices[0].find("disk is empty"), std::string::npos) << report.notices[0];
    EXPECT_EQ(library.tracks().size(), 3U);

    // The same when a folder above it is also scanned.
    EXPECT_EQ(prune({library.root, library.root / "disk"}).vanished, 0);
    EXPECT_EQ(library.tracks().size(), 3U);
}

TEST_F(Vanished, NotWhenAnEmptyFolderFarBelowMayBeAMountPoint) {
    fs::rename(library.root / "disk", library.folder / "away");
    fs::create_directory(library.root / "disk");
    const IngestReport report = prune({library.root});
    EXPECT_EQ(report.pruned, 0);
    ASSERT_EQ(report.notices.size(), 1U);
    EXPECT_NE(report.notices[0].find("disk is empty"), std::string::npos) << report.notices[0];

    // Without the folder the files are gone for good.
    fs::remove(library.root / "disk");
    EXPECT_EQ(prune({library.root}).pruned, 2);
    EXPECT_THAT(library.tracks(), ElementsAre("other/c.mp3: song 3"));
}

TEST_F(Vanished, NotAfterAnInterruptedScan) {
    library.remove("disk/a.mp3");
    library.put("disk/0.mp3", "song 7 100");
    library.before_analysis = [&](const std::string&) { library.stop.request_stop(); };
    const IngestReport report = prune({library.root});
    EXPECT_TRUE(report.interrupted);
    EXPECT_EQ(report.pruned, 0);
    EXPECT_EQ(library.tracks().size(), 3U);
}

TEST_F(Vanished, AFileThatTurnsUpElsewhereIsMovedInstead) {
    library.move("disk/a.mp3", "other/a.mp3");
    const IngestReport report = prune({library.root});
    EXPECT_EQ(report.moved, 1);
    EXPECT_EQ(report.vanished, 0);
    EXPECT_EQ(library.tracks().size(), 3U);
}

}  // namespace
}  // namespace audio_ident::ingest
