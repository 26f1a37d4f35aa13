#include "jobs/timeline_jobs.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "support/fake_timelines.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::jobs {
namespace {

namespace fs = std::filesystem;

class TimelineJobsTest : public ::testing::Test {
  protected:
    /// A timeline as it is after it was requested; created at this second.
    catalog::TimelineRow add(int second, Status status = Status::queued) {
        catalog::TimelineRow row{.id = Uuid::random(),
                                 .name = "set",
                                 .recording = "/music/set.mp3",
                                 .status = status,
                                 .created_at = catalog::Timestamp(std::chrono::seconds(second))};
        EXPECT_TRUE(files_.make(row.id));
        EXPECT_TRUE(rows_.add(row, Deadline::never()));
        EXPECT_TRUE(files_.set_listed(row.id, true));
        return row;
    }
    bool has_row(const Uuid& id) { return rows_.find(id, Deadline::never())->has_value(); }

    test::TempFolder folder_;
    test::FakeTimelines rows_;
    TimelineFiles files_{folder_ / "timelines"};
    TimelineJobs jobs_{rows_, files_};
};

TEST_F(TimelineJobsTest, TheNextStartGoesOnWithWhatHasNotEndedOldestFirst) {
    const auto later = add(3, Status::running);
    const auto first = add(1);
    add(2, Status::finished);
    const auto jobs = jobs_.load();
    ASSERT_EQ(jobs->size(), 2U);
    EXPECT_EQ((*jobs)[0].id, first.id);
    EXPECT_EQ((*jobs)[1].id, later.id);
    EXPECT_EQ((*jobs)[1].status, Status::running);
    EXPECT_EQ(std::get<TimelineWork>((*jobs)[0].work).recording, "/music/set.mp3");
    EXPECT_EQ(std::get<TimelineWork>((*jobs)[0].work).id, first.id);
}

TEST_F(TimelineJobsTest, LeavesTheTimelinesOfOtherServicesOnTheSameDatabaseToThem) {
    const auto here = add(1);
    TimelineJobs elsewhere(rows_, TimelineFiles(folder_ / "other"));
    EXPECT_TRUE(elsewhere.load()->empty());
    EXPECT_EQ(jobs_.load()->front().id, here.id);
}

TEST_F(TimelineJobsTest, ACrashBetweenFolderAndRowLeavesNothing) {
    const auto row = add(1);
    const auto begun = Uuid::random();
    ASSERT_TRUE(files_.make(begun));
    std::ofstream(folder_ / "upload") << "sound";
    ASSERT_TRUE(files_.take_in(begun, folder_ / "upload", "heard"));
    ASSERT_TRUE(files_.set_listed(row.id, false));  // as a crash before the row went
    const auto unknown = Uuid::random();
    fs::create_directories(folder_ / "timelines" / unknown.to_string());
    EXPECT_EQ(jobs_.load()->size(), 1U);
    EXPECT_FALSE(files_.exist(begun));
    EXPECT_TRUE(files_.exist(row.id));
    EXPECT_TRUE(files_.exist(unknown)) << "its row may be in another database";
    EXPECT_TRUE(files_.unlisted({}).empty());
}

TEST_F(TimelineJobsTest, WhatAnotherServiceIsAboutToAddIsLeftAlone) {
    const auto begun = Uuid::random();
    ASSERT_TRUE(files_.make(begun));
    TimelineJobs shared(rows_, files_, std::chrono::hours(1));
    EXPECT_TRUE(shared.load()->empty());
    EXPECT_TRUE(files_.exist(begun));
    EXPECT_TRUE(jobs_.load()->empty());
    EXPECT_FALSE(files_.exist(begun));
}

TEST_F(TimelineJobsTest, SavesHowFarAJobIs) {
    const auto row = add(1);
    Job job = jobs_.load()->front();
    job.status = Status::failed;
    job.error = "the file is gone";
    job.restarts = 2;
    job.finished_at = catalog::Timestamp(std::chrono::seconds(9));
    std::get<TimelineWork>(job.work).heard_seconds = 12.5;
    ASSERT_TRUE(jobs_.save(job));
    const auto stored = **rows_.find(row.id, Deadline::never());
    EXPECT_EQ(stored.status, Status::failed);
    EXPECT_EQ(stored.error, "the file is gone");
    EXPECT_EQ(stored.restarts, 2);
    EXPECT_EQ(stored.heard_seconds, 12.5);
    EXPECT_EQ(stored.name, "set");
    jobs_.forget(row.id);
    EXPECT_TRUE(has_row(row.id)) << "a timeline stays until somebody removes it";
}

TEST_F(TimelineJobsTest, ARemovedTimelineTakesItsFilesAlong) {
    const auto row = add(1);
    std::ofstream(files_.heard(row.id)) << "x";
    EXPECT_EQ(*jobs_.remove(row.id), true);
    EXPECT_FALSE(has_row(row.id));
    EXPECT_TRUE(files_.exist(row.id)) << "the job may still use it";
    jobs_.clean_up(row.id);
    EXPECT_TRUE(fs::is_empty(folder_ / "timelines"));
    EXPECT_EQ(*jobs_.remove(row.id), false);
}

TEST_F(TimelineJobsTest, ATimelineThatCannotBeRemovedStaysListed) {
    const auto row = add(1);
    rows_.set_failure(Error{ErrorKind::not_available, "down"});
    EXPECT_EQ(jobs_.remove(row.id).error().message, "down");
    EXPECT_TRUE(files_.unlisted({}).empty());
    EXPECT_EQ(jobs_.load().error().message, "down");
}

}  // namespace
}  // namespace audio_ident::jobs
