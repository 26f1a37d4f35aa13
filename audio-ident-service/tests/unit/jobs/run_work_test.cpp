#include "jobs/run_work.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace audio_ident::jobs {
namespace {

/// An ingest that returns the report that the test sets.
class RunWorkTest : public ::testing::Test {
  protected:
    Result<void> run(Work work) {
        const auto run = run_work_with({[this](const auto& folder, auto& observer, const std::stop_token& stop) {
            folder_ = folder;
            ingest::IngestProgress progress;
            progress.files_done = 1;
            progress.files_total = 2;
            progress.remaining_seconds = 9;
            observer.on_progress(progress);
            if (stops_) stop_.request_stop();
            stop_seen_ = stop.stop_requested();
            return report_;
        }});
        return run(
            std::move(work), [this](Work shown) { shown_.push_back(std::get<IngestWork>(std::move(shown))); },
            stop_.get_token());
    }

    Result<ingest::IngestReport> report_;
    bool stops_ = false;
    bool stop_seen_ = false;
    std::stop_source stop_;
    std::filesystem::path folder_;
    std::vector<IngestWork> shown_;
};

TEST_F(RunWorkTest, ShowsProgressAndThenTheReport) {
    report_->ingested = 2;
    report_->duplicate_files = {{"a", "b"}};
    IngestWork again{.directory = "/music/\\xFF"};
    again.report.total = 99;
    EXPECT_TRUE(run(again));
    EXPECT_EQ(folder_, "/music/\xFF");
    ASSERT_EQ(shown_.size(), 3U);
    EXPECT_EQ(shown_[0].report.total, 0) << "the report of an earlier run is gone";
    EXPECT_EQ(shown_[1].progress.files_total, 2);
    EXPECT_EQ(shown_[2].report.ingested, 2);
    EXPECT_TRUE(shown_[2].report.duplicate_files.empty());
    EXPECT_EQ(shown_[2].progress.files_done, 1);
    EXPECT_FALSE(shown_[2].progress.remaining_seconds);
}

TEST_F(RunWorkTest, KeepsAThousandErrors) {
    report_->errors.resize(IngestWork::kMaxErrors + 1);
    EXPECT_TRUE(run(IngestWork{}));
    EXPECT_EQ(shown_.back().report.errors.size(), IngestWork::kMaxErrors);
}

TEST_F(RunWorkTest, FailsWithWhatTheIngestFailedWith) {
    report_->ingested = 1;
    report_->fatal = Error{ErrorKind::not_available, "the disk is full", {}};
    EXPECT_EQ(run(IngestWork{}).error().message, "the disk is full");
    EXPECT_EQ(shown_.back().report.ingested, 1) << "what it did counts";
    report_ = fail(ErrorKind::corrupt, "the index is damaged");
    EXPECT_EQ(run(IngestWork{}).error().message, "the index is damaged");
}

TEST_F(RunWorkTest, AStopIsNoFailure) {
    report_ = fail(ErrorKind::timeout, "stopped while it waited");
    stops_ = true;
    EXPECT_TRUE(run(IngestWork{}));
    EXPECT_TRUE(stop_seen_);
}

/// Makes a timeline that fails in the given ways, one after the other, and then succeeds.
class RunTimelineTest : public ::testing::Test {
  protected:
    Result<void> run() {
        const auto make = [this](TimelineWork work, const ShowWork& show, const std::stop_token&) -> Result<void> {
            work.heard_seconds = double(++tries_);
            show(work);
            if (stops_) stop_.request_stop();
            if (failures_.empty()) return {};
            const Error failure = failures_.front();
            failures_.erase(failures_.begin());
            return Unexpected(failure);
        };
        const auto run = run_work_with({.ingest_folder = {}, .make_timeline = make, .retry = {}});
        return run(
            TimelineWork{}, [this](Work shown) { shown_.push_back(std::get<TimelineWork>(std::move(shown))); },
            stop_.get_token());
    }

    std::vector<Error> failures_;
    bool stops_ = false;
    int tries_ = 0;
    std::stop_source stop_;
    std::vector<TimelineWork> shown_;
};

TEST_F(RunTimelineTest, TriesAgainWhenAStoreIsNotAvailableAndSaysWhyItWaits) {
    failures_ = {{ErrorKind::not_available, "the disk is full"}, {ErrorKind::timeout, "no answer"}};
    EXPECT_TRUE(run());
    EXPECT_EQ(tries_, 3);
    ASSERT_EQ(shown_.size(), 5U);
    EXPECT_EQ(shown_[1].trouble, "the disk is full");
    EXPECT_EQ(shown_[3].trouble, "no answer");
}

TEST_F(RunTimelineTest, FailsForGoodWhenTheRecordingIsTheReason) {
    const Error gone{ErrorKind::not_available, "the file is gone", Reason::file_not_found};
    const Error damaged{ErrorKind::corrupt, "no frame could be decoded", Reason::unsupported_format};
    for (const auto& failure : {gone, damaged}) {
        failures_ = {failure};
        EXPECT_EQ(run().error(), failure);
    }
    EXPECT_EQ(tries_, 2);
}

TEST_F(RunTimelineTest, AStopIsNoFailure) {
    stops_ = true;
    failures_ = {{ErrorKind::timeout, "stopped"}};
    EXPECT_TRUE(run());
    EXPECT_EQ(tries_, 1);
}

}  // namespace
}  // namespace audio_ident::jobs
