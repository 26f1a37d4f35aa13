#include "api/ingest_roots.hpp"

#include <gtest/gtest.h>

#include "support/temp_folder.hpp"

namespace audio_ident::api {
namespace {

namespace fs = std::filesystem;

class IngestRoots : public ::testing::Test {
  protected:
    IngestRoots() {
        fs::create_directories(root_ / "album");
        fs::create_directories(folder_ / "outside");
        fs::create_symlink(folder_ / "outside", root_ / "link");
    }
    Reason refusal(const fs::path& path) { return allowed_folder(path.string(), {root_}).error().reason; }

    test::TempFolder folder_;
    fs::path root_ = folder_ / "music";
};

TEST_F(IngestRoots, FoldersBelowARootAreAllowed) {
    EXPECT_EQ(*allowed_folder((root_ / "album").string(), {root_}), fs::canonical(root_ / "album"));
    EXPECT_TRUE(allowed_folder(root_.string(), {"/no/such/root", root_}));
}

TEST_F(IngestRoots, FoldersOutsideAreForbiddenWhetherTheyExistOrNot) {
    EXPECT_EQ(refusal(folder_ / "outside"), Reason::forbidden);
    EXPECT_EQ(refusal(folder_ / "missing"), Reason::forbidden);
    EXPECT_EQ(refusal(root_ / ".." / "outside"), Reason::forbidden);
    EXPECT_EQ(refusal(root_ / "link"), Reason::forbidden);
}

TEST_F(IngestRoots, SaysWhichFolderIsMissing) {
    EXPECT_EQ(refusal(root_ / "missing"), Reason::directory_not_found);
}

}  // namespace
}  // namespace audio_ident::api
