#include "ingest/commit/duplicate_notes.hpp"

#include <gtest/gtest.h>

#include "catalog/file_documents.hpp"
#include "support/files.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::ingest {
namespace {

FileStatus status(std::int64_t size_bytes, std::int64_t modified_ns) {
    FileStatus status;
    status.size_bytes = size_bytes;
    status.modified_ns = modified_ns;
    return status;
}

class DuplicateNotesTest : public testing::Test {
  protected:
    audio_ident::test::TempFolder folder_;
    catalog::FileDocuments documents_{folder_.path()};
    std::filesystem::path file_ = folder_ / "duplicates";
    const std::string track_ = std::string(64, 'a');
};

TEST_F(DuplicateNotesTest, ComeBackFromTheirFile) {
    DuplicateNotes notes;
    notes.note("/a \n.mp3", status(10, 1'700'000'000'123'456'789), track_);
    notes.note("/b.mp3", status(20, -5), std::string(64, 'b'));
    ASSERT_TRUE(notes.save(documents_, {}));
    const DuplicateNotes loaded = DuplicateNotes::load(documents_, {});
    EXPECT_EQ(loaded.size(), 2U);
    EXPECT_EQ(loaded.original_of("/a \n.mp3", status(10, 1'700'000'000'123'456'789)), track_);
}

TEST_F(DuplicateNotesTest, AreNotForAFileThatHasChanged) {
    DuplicateNotes notes;
    notes.note("/a.mp3", status(10, 5), track_);
    EXPECT_FALSE(notes.original_of("/a.mp3", status(11, 5)));
    EXPECT_FALSE(notes.original_of("/a.mp3", status(10, 6)));
    EXPECT_FALSE(notes.original_of("/b.mp3", status(10, 5)));
}

TEST_F(DuplicateNotesTest, DamagedFilesOrOtherVersionsGiveWhatCanBeRead) {
    EXPECT_EQ(DuplicateNotes::load(documents_, {}).size(), 0U);
    const std::string line = "00000000000000ff 1 2 " + track_ + "\n";
    audio_ident::test::write_file(file_, "audio-ident duplicates 1\n" + line);
    EXPECT_EQ(DuplicateNotes::load(documents_, {}).size(), 0U);
    audio_ident::test::write_file(file_, "audio-ident duplicates 2\nnonsense\n00ff 1\n\n" + line);
    EXPECT_EQ(DuplicateNotes::load(documents_, {}).size(), 1U);
}

TEST_F(DuplicateNotesTest, AreWrittenOnlyWhenThereIsSomethingNew) {
    ASSERT_TRUE(DuplicateNotes().save(documents_, {}));
    EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(DuplicateNotesTest, ThatCannotBeWrittenSaySo) {
    DuplicateNotes notes;
    notes.note("/a.mp3", status(10, 5), track_);
    audio_ident::test::write_file(file_, "a file");
    catalog::FileDocuments below_a_file(file_);
    const auto saved = notes.save(below_a_file, {});
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().kind, ErrorKind::not_available);
}

}  // namespace
}  // namespace audio_ident::ingest
