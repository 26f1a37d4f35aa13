#include "jobs/ingest_jobs.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "catalog/file_documents.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::jobs {
namespace {

Job job_at(int second) {
    return {.id = Uuid::random(),
            .created_at = catalog::Timestamp(std::chrono::seconds(second)),
            .work = IngestWork{.directory = "/music"}};
}

class IngestJobsTest : public testing::Test {
  protected:
    test::TempFolder folder_;
    catalog::FileDocuments documents_{folder_.path()};
    IngestJobs jobs_{documents_};
};

TEST_F(IngestJobsTest, AreLoadedOldestFirst) {
    EXPECT_TRUE(jobs_.load()->empty());
    for (const int second : {3, 1, 2}) {
        auto job = job_at(second);
        if (second == 1) job.status = Status::finished;
        ASSERT_TRUE(jobs_.save(job));
    }
    const auto loaded = IngestJobs(documents_).load();
    ASSERT_TRUE(loaded);
    ASSERT_EQ(loaded->size(), 3U);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ((*loaded)[static_cast<std::size_t>(i)].created_at, catalog::Timestamp(std::chrono::seconds(i + 1)));
    EXPECT_EQ(jobs_.unfinished()->size(), 2U);
}

TEST_F(IngestJobsTest, AreReplacedAndRemoved) {
    auto job = job_at(1);
    ASSERT_TRUE(jobs_.save(job));
    EXPECT_EQ((*jobs_.find(job.id))->status, Status::queued);
    job.status = Status::finished;
    ASSERT_TRUE(jobs_.save(job));
    EXPECT_EQ(jobs_.load()->size(), 1U);
    EXPECT_EQ((*jobs_.find(job.id))->status, Status::finished);
    EXPECT_TRUE(jobs_.unfinished()->empty());
    EXPECT_EQ(*jobs_.remove(job.id), true);
    EXPECT_EQ(*jobs_.remove(job.id), false);
    EXPECT_TRUE(jobs_.load()->empty());
}

TEST_F(IngestJobsTest, OneThatEndedWhenTheServiceDiedHasEnded) {
    auto job = job_at(1);
    ASSERT_TRUE(jobs_.save(job));
    const auto name = "jobs/" + job.id.to_string() + ".json";
    const auto before = **documents_.find(name, {});
    job.status = Status::finished;
    ASSERT_TRUE(jobs_.save(job));
    ASSERT_TRUE(documents_.put({name, before}, catalog::Worth::unique, {}));
    EXPECT_EQ((*jobs_.find(job.id))->status, Status::finished);
    ASSERT_EQ(jobs_.load()->size(), 1U);
    EXPECT_EQ(jobs_.load()->front().status, Status::finished);
}

TEST_F(IngestJobsTest, OnlyTheNewestEndedOnesAreKept) {
    for (const int second : {3, 1, 2, 4}) {
        auto job = job_at(second);
        if (second != 4) job.status = Status::failed;
        ASSERT_TRUE(jobs_.save(job));
    }
    ASSERT_TRUE(jobs_.forget_old(1));
    const auto left = *jobs_.load();
    ASSERT_EQ(left.size(), 2U);
    EXPECT_EQ(left[0].created_at, catalog::Timestamp(std::chrono::seconds(3)));
}

TEST_F(IngestJobsTest, UnfinishedOnesMoveToAnotherStore) {
    const test::TempFolder other;
    catalog::FileDocuments to(other.path());
    auto ended = job_at(1);
    ended.status = Status::finished;
    ASSERT_TRUE(jobs_.save(ended));
    ASSERT_TRUE(jobs_.save(job_at(2)));
    ASSERT_TRUE(IngestJobs::move(documents_, to));
    EXPECT_EQ(IngestJobs(to).load()->size(), 1U);
    EXPECT_TRUE(jobs_.unfinished()->empty());
    EXPECT_EQ(jobs_.load()->size(), 1U);
}

TEST_F(IngestJobsTest, WhatIsNoJobIsLeftAlone) {
    ASSERT_TRUE(jobs_.save(job_at(1)));
    std::ofstream(folder_ / "jobs" / "broken.json") << "{";
    std::ofstream(folder_ / "jobs" / "note.txt") << "mine";
    EXPECT_EQ(jobs_.load()->size(), 1U);
    EXPECT_TRUE(std::filesystem::exists(folder_ / "jobs" / "broken.json"));
    EXPECT_TRUE(std::filesystem::exists(folder_ / "jobs" / "note.txt"));
}

TEST_F(IngestJobsTest, SaysWhenTheFolderCannotBeUsed) {
    std::ofstream(folder_ / "jobs") << "";
    EXPECT_EQ(jobs_.load().error().kind, ErrorKind::not_available);
    EXPECT_EQ(jobs_.save(job_at(1)).error().kind, ErrorKind::not_available);
}

}  // namespace
}  // namespace audio_ident::jobs
