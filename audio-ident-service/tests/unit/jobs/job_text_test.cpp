#include "jobs/job_text.hpp"

#include <gtest/gtest.h>

#include "catalog/timestamp_text.hpp"

namespace audio_ident::jobs {
namespace {

constexpr std::string_view kId = "00000000-0000-4000-8000-000000000001";

Job example() {
    IngestWork work{.directory = "/music/\\xFF"};
    work.progress.files_done = 5;
    work.progress.files_total = 7;
    work.progress.seconds_of_audio = 12.5;
    work.progress.remaining_seconds = 3;
    work.report.total = 6;
    work.report.ingested = 1;
    work.report.duplicates = 2;
    work.report.updated = 3;
    work.report.moved = 4;
    work.report.unchanged = 5;
    work.report.file_notes = {{"/music/b.mp3", ingest::FileNote::About::streams, "has 2 audio streams"}};
    work.report.errors = {{.file = "/music/a.mp3", .error = "no audio"}};
    return {.id = *Uuid::parse(kId),
            .status = Status::cancelled,
            .created_at = *catalog::timestamp_from_text("2026-02-14T09:05:07.000123Z"),
            .finished_at = catalog::timestamp_from_text("2026-02-14T10:05:07.000123Z"),
            .restarts = 2,
            .error = "why",
            .work = work};
}

TEST(JobText, IsWhatPeopleCanRead) {
    EXPECT_EQ(
        job_to_text(example()),
        R"({"kind":"ingest","id":"00000000-0000-4000-8000-000000000001","status":"cancelled",)"
        R"("created_at":"2026-02-14T09:05:07.000123Z","finished_at":"2026-02-14T10:05:07.000123Z","restarts":2,)"
        R"("error":"why","directory":"/music/\\xFF",)"
        R"("progress":{"files_done":5,"files_total":7,"seconds_of_audio":12.5,"remaining_seconds":3},)"
        R"("report":{"total":6,"ingested":1,"duplicates":2,"errors":[{"file":"/music/a.mp3","error":"no audio"}],)"
        R"("updated":3,"moved":4,"unchanged":5,)"
        R"("notes":[{"file":"/music/b.mp3","about":"streams","note":"has 2 audio streams"}]}})");
}

TEST(JobText, GivesTheSameJobAgain) {
    const auto job = job_from_text(job_to_text(example()));
    ASSERT_TRUE(job) << job.error().message;
    EXPECT_EQ(job_to_text(*job), job_to_text(example()));
}

TEST(JobText, OfAVersionWithoutKindsIsAnIngest) {
    const auto job = job_from_text(
        R"({"id":"00000000-0000-4000-8000-000000000001","directory":"/music","status":"running",)"
        R"("created_at":"2026-02-14T09:05:07.000123Z","finished_at":null,"restarts":1,)"
        R"("progress":{"files_done":3,"files_total":null,"seconds_of_audio":61.5,"remaining_seconds":null},)"
        R"("report":{"total":0,"ingested":0,"duplicates":0,"errors":[],"updated":0,"moved":0,"unchanged":0},)"
        R"("error":null})");
    ASSERT_TRUE(job) << job.error().message;
    EXPECT_EQ(job->status, Status::running);
    EXPECT_EQ(job->restarts, 1);
    EXPECT_FALSE(job->finished_at);
    const auto& work = std::get<IngestWork>(job->work);
    EXPECT_EQ(work.directory, "/music");
    EXPECT_EQ(work.progress.files_done, 3);
    EXPECT_EQ(work.progress.seconds_of_audio, 61.5);
}

TEST(JobText, MembersThatAreUnknownOrMissingDoNotMatter) {
    const auto job = job_from_text(
        R"({"kind":"ingest","id":"00000000-0000-4000-8000-000000000001","created_at":"2026-02-14T09:05:07.000123Z",)"
        R"("directory":"/music","priority":7,"report":{"total":4,"skipped":1}})");
    ASSERT_TRUE(job) << job.error().message;
    EXPECT_EQ(job->status, Status::queued);
    EXPECT_EQ(std::get<IngestWork>(job->work).report.total, 4);
}

TEST(JobText, SaysWhatIsNoJob) {
    for (const char* text : {"", "{", "[]", "{}", R"({"id":"x","created_at":"2026-02-14T09:05:07.000123Z"})",
                             R"({"id":"00000000-0000-4000-8000-000000000001","created_at":"yesterday"})",
                             R"({"id":7,"created_at":"2026-02-14T09:05:07.000123Z","directory":"/music"})"}) {
        EXPECT_EQ(job_from_text(text).error().kind, ErrorKind::corrupt) << text;
    }
    const auto later = job_from_text(
        R"({"kind":"dream","id":"00000000-0000-4000-8000-000000000001","created_at":"2026-02-14T09:05:07.000123Z"})");
    EXPECT_EQ(later.error().kind, ErrorKind::unsupported);
}

TEST(JobText, ATimelineComesBackAsItWas) {
    Job job{.id = Uuid::random(), .created_at = catalog::Timestamp(std::chrono::seconds(1))};
    job.work = TimelineWork{.id = job.id, .recording = "/music/\\xFF", .min_confidence = 0.25};
    const auto back = job_from_text(job_to_text(job));
    ASSERT_TRUE(back) << back.error().message;
    const auto& work = std::get<TimelineWork>(back->work);
    EXPECT_EQ(work.id, job.id);
    EXPECT_EQ(work.recording, "/music/\\xFF");
    EXPECT_EQ(work.min_confidence, 0.25);
}

}  // namespace
}  // namespace audio_ident::jobs
