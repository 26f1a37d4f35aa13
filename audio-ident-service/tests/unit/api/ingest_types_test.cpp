#include "api/ingest_types.hpp"

#include <gtest/gtest.h>

#include "util/json.hpp"

namespace audio_ident::api {
namespace {

TEST(IngestJob, HasTheContractsForm) {
    jobs::IngestWork work{.directory = "/music"};
    work.progress.files_done = 2;
    work.progress.files_total = 4;
    work.progress.seconds_of_audio = 12.5;
    work.report.total = 3;
    work.report.ingested = 2;
    work.report.errors = {{.file = "/music/a.mp3", .error = "no audio"}};
    const jobs::Job job{.id = *Uuid::parse("00000000-0000-4000-8000-000000000001"),
                        .status = jobs::Status::failed,
                        .created_at = catalog::Timestamp(std::chrono::microseconds(1)),
                        .restarts = 1,
                        .error = "the disk is full",
                        .work = work};
    EXPECT_EQ(
        util::json_text_of(ingest_job(job)),
        R"({"id":"00000000-0000-4000-8000-000000000001","directory":"/music","status":"failed",)"
        R"("created_at":"1970-01-01T00:00:00.000001Z","finished_at":null,"restarts":1,)"
        R"("progress":{"files_done":2,"files_total":4,"seconds_of_audio":12.5,"remaining_seconds":null},)"
        R"("report":{"total":3,"ingested":2,"duplicates":0,"errors":[{"file":"/music/a.mp3","error":"no audio"}],)"
        R"("updated":0,"moved":0,"unchanged":0,"notes":[]},"error":"the disk is full"})");
}

}  // namespace
}  // namespace audio_ident::api
