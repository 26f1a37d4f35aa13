#include <boost/json/parse.hpp>
#include <condition_variable>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mutex>

#include "api/routes.hpp"
#include "jobs/job_queue.hpp"
#include "jobs/timeline_jobs.hpp"
#include "library/stored_timeline.hpp"
#include "support/fake_library.hpp"
#include "support/temp_folder.hpp"
#include "support/timelines.hpp"

namespace audio_ident::api {
namespace {

/// Routes over timelines in memory, whose jobs do not run.
class TimelineRoutesTest : public ::testing::Test {
  protected:
    TimelineRoutesTest() {
        const auto wait_for_stop = [](jobs::Work, const jobs::ShowWork&, const std::stop_token& stop) -> Result<void> {
            std::mutex mutex;
            std::condition_variable_any stopped;
            std::unique_lock lock(mutex);
            stopped.wait(lock, stop, [] { return false; });
            return {};
        };
        queue_ =
            *jobs::JobQueue::open(std::make_unique<jobs::TimelineJobs>(library_.timeline_rows, files_), wait_for_stop);
        const TimelineDoor door{library_, *queue_, unfinished_, files_, {folder_ / "uploads", {folder_.path()}}};
        routes_ = timeline_routes(door);
        for (auto& route : timeline_result_routes(door)) routes_.push_back(std::move(route));
    }
    Result<http::Response> call(const std::string& method, const std::string& path, http::Fields fields = {}) {
        auto match = http::find_route(routes_, method, path);
        http::Request request;
        request.path_parameters = std::move(match.parameters);
        (method == "GET" ? request.query : request.form) = std::move(fields);
        return match.route->handle(request);
    }
    static boost::json::value json(const Result<http::Response>& response) {
        return boost::json::parse(std::get<std::string>(response->body));
    }
    Uuid add(int second, catalog::JobStatus status = catalog::JobStatus::finished) {
        const catalog::TimelineRow row{.id = Uuid::random(),
                                       .name = "set",
                                       .recording = "/none/set.mp3",
                                       .status = status,
                                       .created_at = catalog::Timestamp(std::chrono::seconds(second))};
        EXPECT_TRUE(library_.timeline_rows.add(row, Deadline::never()));
        return row.id;
    }
    Uuid add_result() {
        const auto id = add(1);
        const auto row = **library_.timeline_rows.find(id, Deadline::never());
        EXPECT_TRUE(library_.timeline_rows.finish(row, library::timeline_to_text(test::some_timeline()), {}));
        return id;
    }

    test::TempFolder folder_;
    test::FakeLibrary library_;
    jobs::TimelineFiles files_{folder_ / "timelines"};
    UnfinishedTimelines unfinished_;
    std::unique_ptr<jobs::JobQueue> queue_;
    std::vector<http::Route> routes_;
};

TEST_F(TimelineRoutesTest, TenThousandAreListedPageByPage) {
    for (int i = 0; i < 10'000; ++i) add(i);
    const auto page = json(call("GET", "/api/v1/timelines", {{"page", "200"}, {"per_page", "50"}}));
    EXPECT_EQ(page.at("total").as_int64(), 10'000);
    EXPECT_EQ(page.at("pages").as_int64(), 200);
    EXPECT_EQ(page.at("items").as_array().size(), 50U);
    EXPECT_EQ(page.at("items").at(49).at("created_at").as_string(), "1970-01-01T00:00:00.000000Z");
    EXPECT_TRUE(json(call("GET", "/api/v1/timelines", {{"page", "201"}})).at("items").as_array().empty());
    EXPECT_FALSE(call("GET", "/api/v1/timelines", {{"per_page", "501"}}));
}

TEST_F(TimelineRoutesTest, ATimelineSaysWhichOfItsTracksAreGone) {
    auto kept = test::make_track(1);
    kept.state = catalog::TrackState::ready;
    library_.tracks = {kept};
    const auto id = add_result().to_string();
    const auto timeline = json(call("GET", "/api/v1/timelines/" + id)).at("timeline");
    EXPECT_FALSE(timeline.at("entries").at(0).at("track_gone").as_bool());
    EXPECT_TRUE(timeline.at("entries").at(1).at("track_gone").as_bool());
    EXPECT_TRUE(timeline.at("entries").at(1).at("candidates").at(0).at("track_gone").as_bool());
    EXPECT_EQ(timeline.at("entries").at(1).at("track").at("title").as_string(), test::make_track(2).title);
}

TEST_F(TimelineRoutesTest, ACandidateTakesThePlaceOfTheTrack) {
    const auto id = add_result().to_string();
    const auto chosen = test::make_track(3).id.to_string();
    const auto entry =
        json(call("PATCH", "/api/v1/timelines/" + id + "/entries/1", {{"track_id", chosen}, {"verdict", "accepted"}}));
    EXPECT_EQ(entry.at("track").at("id").as_string(), chosen);
    EXPECT_EQ(entry.at("verdict").as_string(), "accepted");
    const auto shown = json(call("GET", "/api/v1/timelines/" + id)).at("timeline").at("entries").at(1);
    EXPECT_EQ(shown.at("track").at("id").as_string(), chosen);
    EXPECT_EQ(shown.at("candidates").at(0).at("track").at("id").as_string(), test::make_track(2).id.to_string());
}

TEST_F(TimelineRoutesTest, WhatIsDecidedSoFarIsShownWhileAJobRuns) {
    const auto id = add(1, catalog::JobStatus::running);
    UnfinishedTimelines::SoFar so_far;
    so_far.timeline = std::make_shared<const std::string>(R"({"entries":[1]})");
    so_far.peaks = std::make_shared<const audio::WaveformPeaks>();
    unfinished_.put(id, so_far);
    EXPECT_EQ(json(call("GET", "/api/v1/timelines/" + id.to_string())).at("timeline").at("entries").at(0), 1);
    const auto exported = call("GET", "/api/v1/timelines/" + id.to_string() + "/export");
    ASSERT_FALSE(exported);
    EXPECT_EQ(exported.error().reason, Reason::not_finished);
}

TEST_F(TimelineRoutesTest, TheEventsOfATimelineThatIsRemovedEndWithThat) {
    const auto id = add(1, catalog::JobStatus::running);
    const auto followed = call("GET", "/api/v1/timelines/" + id.to_string() + "/events");
    ASSERT_TRUE(followed) << followed.error().message;
    auto next = std::get<http::EventSource>(followed->body);
    auto event = next();
    while (event && event->empty()) event = next();  // the queue's own thread is at its list
    ASSERT_TRUE(event);
    EXPECT_THAT(*event, testing::StartsWith("event: end\n"));
    EXPECT_THAT(*event, testing::HasSubstr("\"status\":\"cancelled\""));
    EXPECT_EQ(next(), std::nullopt);
}

TEST_F(TimelineRoutesTest, AFailedTimelineHasNoResultAndSaysWhy) {
    const auto id = add(1, catalog::JobStatus::failed);
    auto row = **library_.timeline_rows.find(id, Deadline::never());
    row.error = "the file is gone";
    ASSERT_TRUE(library_.timeline_rows.update(row, Deadline::never()));
    const auto exported = call("GET", "/api/v1/timelines/" + id.to_string() + "/export");
    ASSERT_FALSE(exported);
    EXPECT_EQ(exported.error().message, "the timeline has no result: the file is gone");
}

}  // namespace
}  // namespace audio_ident::api
