#include "api/background_timeline.hpp"

#include <gtest/gtest.h>

#include "api/timeline_peaks.hpp"
#include "library/stored_timeline.hpp"
#include "support/fake_library.hpp"
#include "support/files.hpp"
#include "support/temp_folder.hpp"
#include "support/timelines.hpp"

namespace audio_ident::api {
namespace {

class BackgroundTimelineTest : public ::testing::Test {
  protected:
    BackgroundTimelineTest() {
        EXPECT_TRUE(files_.make(id_));
        EXPECT_TRUE(library_.timeline_rows.add({.id = id_, .name = "set", .recording = "/set.mp3", .restarts = 2},
                                               Deadline::never()));
        library_.on_timeline = [this](const audio::Source&, const library::TimelineRequest& request,
                                      const library::TimelineObserver& observer) {
            test::write_file(*request.save_in, test::Bytes(3));
            observer({150, 20, 300});
            auto timeline = test::some_timeline();
            timeline.peaks = {1, 500, 1000};
            request.so_far(timeline);
            so_far_while_made_ = unfinished_.find(id_);
            return timeline;
        };
    }
    Result<void> run() {
        return background_timeline(library_, files_, unfinished_)(
            {.id = id_, .recording = "/set.mp3", .trouble = "the disk is full"},
            [this](jobs::Work shown) { shown_.push_back(std::get<jobs::TimelineWork>(std::move(shown))); }, {});
    }

    const Uuid id_ = Uuid::random();
    test::TempFolder folder_;
    test::FakeLibrary library_;
    jobs::TimelineFiles files_{folder_ / "timelines"};
    UnfinishedTimelines unfinished_;
    std::optional<UnfinishedTimelines::SoFar> so_far_while_made_;
    std::vector<jobs::TimelineWork> shown_;
};

TEST_F(BackgroundTimelineTest, StoresTheResultAndShowsTheWayThere) {
    ASSERT_TRUE(run());
    EXPECT_EQ(shown_[0].heard_seconds, 150);
    EXPECT_EQ(shown_[0].resumed_seconds, 20);
    EXPECT_EQ(shown_[0].trouble, std::nullopt) << "it goes on";
    EXPECT_NE(so_far_while_made_->timeline->find("\"entries\":[{"), std::string::npos);
    EXPECT_EQ(so_far_while_made_->peaks->size(), 3U);
    EXPECT_FALSE(unfinished_.find(id_)) << "the result has taken its place";

    const auto row = **library_.timeline_rows.find(id_, Deadline::never());
    EXPECT_EQ(row.status, catalog::JobStatus::finished);
    EXPECT_EQ(row.restarts, 2);
    EXPECT_EQ(row.entries, 2);
    EXPECT_EQ(row.heard_seconds, 300);
    const auto result = **library_.timeline_rows.result(id_, Deadline::never());
    EXPECT_EQ(library::timeline_from_text(result.text)->entries.size(), 2U);
    EXPECT_EQ(read_peaks(files_.peaks(id_)), (audio::WaveformPeaks{1, 500, 1000}));
    EXPECT_FALSE(std::filesystem::exists(files_.heard(id_)));
}

TEST_F(BackgroundTimelineTest, KeepsWhatWasHeardWhenTheResultCannotBeStored) {
    library_.timeline_rows.set_failure(Error{ErrorKind::not_available, "the disk is full"});
    const auto failed = run();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message, "the disk is full");
    EXPECT_TRUE(std::filesystem::exists(files_.heard(id_)));
    EXPECT_FALSE(unfinished_.find(id_));
    library_.timeline_rows.set_failure(std::nullopt);
    EXPECT_TRUE(run());
    EXPECT_EQ((*library_.timeline_rows.find(id_, Deadline::never()))->status, catalog::JobStatus::finished);
}

TEST_F(BackgroundTimelineTest, ATimelineThatWasRemovedMeanwhileIsNoFailure) {
    ASSERT_TRUE(*library_.timeline_rows.remove(id_, Deadline::never()));
    EXPECT_TRUE(run());
    EXPECT_EQ(library_.timeline_rows.list(0, 9, Deadline::never())->total, 0);
}

TEST(TimelinePeaks, ADamagedFileIsNone) {
    const test::TempFolder folder;
    ASSERT_TRUE(write_peaks(folder / "peaks", {}));
    EXPECT_EQ(read_peaks(folder / "peaks"), audio::WaveformPeaks());
    EXPECT_EQ(read_peaks(folder / "none"), std::nullopt);
    for (const char* text : {"", "AIP2ab", "AIP1a", "AIP1\xff\xff"}) {
        test::write_file(folder / "peaks", std::string_view(text));
        EXPECT_EQ(read_peaks(folder / "peaks"), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace audio_ident::api
