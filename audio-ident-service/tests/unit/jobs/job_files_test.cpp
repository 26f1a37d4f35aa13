#include "jobs/job_files.hpp"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>

#include "support/temp_folder.hpp"

namespace audio_ident::jobs {
namespace {

Job job_at(int second) {
    return {.id = Uuid::random(),
            .created_at = catalog::Timestamp(std::chrono::seconds(second)),
            .work = IngestWork{.directory = "/music"}};
}

TEST(JobFiles, AreLoadedOldestFirst) {
    const test::TempFolder folder;
    JobFiles files(folder / "jobs");
    EXPECT_TRUE(files.load()->empty()) << "the folder is made";
    for (const int second : {3, 1, 2}) ASSERT_TRUE(files.save(job_at(second)));
    const auto jobs = JobFiles(folder / "jobs").load();
    ASSERT_TRUE(jobs);
    ASSERT_EQ(jobs->size(), 3U);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ((*jobs)[static_cast<std::size_t>(i)].created_at, catalog::Timestamp(std::chrono::seconds(i + 1)));
}

TEST(JobFiles, AreReplacedAndRemoved) {
    const test::TempFolder folder;
    JobFiles files(folder.path());
    auto job = job_at(1);
    ASSERT_TRUE(files.save(job));
    job.status = Status::finished;
    ASSERT_TRUE(files.save(job));
    EXPECT_EQ(files.load()->front().status, Status::finished);
    EXPECT_EQ(*files.remove(job.id), true);
    EXPECT_EQ(*files.remove(job.id), false);
    EXPECT_TRUE(files.load()->empty());
}

TEST(JobFiles, WhatIsNoJobIsLeftAlone) {
    const test::TempFolder folder;
    JobFiles files(folder.path());
    ASSERT_TRUE(files.save(job_at(1)));
    std::ofstream(folder / "broken.json") << "{";
    std::ofstream(folder / "note.txt") << "mine";
    EXPECT_EQ(files.load()->size(), 1U);
    EXPECT_TRUE(std::filesystem::exists(folder / "broken.json"));
    EXPECT_TRUE(std::filesystem::exists(folder / "note.txt"));
}

TEST(JobFiles, SaysWhenTheFolderCannotBeUsed) {
    const test::TempFolder folder;
    std::ofstream(folder / "file") << "";
    JobFiles files(folder / "file");
    EXPECT_EQ(files.load().error().kind, ErrorKind::not_available);
    EXPECT_EQ(files.save(job_at(1)).error().kind, ErrorKind::not_available);
}

}  // namespace
}  // namespace audio_ident::jobs
