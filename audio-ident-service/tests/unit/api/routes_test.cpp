#include "api/routes.hpp"

#include <boost/json/parse.hpp>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/background_ingest.hpp"
#include "support/fake_library.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::api {
namespace {

constexpr const char* kId = "00000000-0000-4000-8000-000000000001";

/// Routes over a library in memory.
class RoutesTest : public ::testing::Test {
  protected:
    RoutesTest() {
        catalog::Track track;
        track.id = *TrackId::parse(kId);
        track.title = "Song";
        track.duration_seconds = 60;
        track.state = catalog::TrackState::ready;
        library_.tracks = {track};
    }

    static Result<http::Response> call(const std::vector<http::Route>& routes, std::string method, std::string path,
                                       http::Request request = {}) {
        auto match = http::find_route(routes, method, path);
        request.id = kId;
        request.path_parameters = std::move(match.parameters);
        return match.route->handle(request);
    }
    static boost::json::value json(const Result<http::Response>& response) {
        return boost::json::parse(std::get<std::string>(response->body));
    }
    static http::Request with_upload(std::string bytes) {
        http::Request request;
        request.upload = std::make_shared<http::Upload>();
        request.upload->bytes = std::move(bytes);
        return request;
    }

    test::FakeLibrary library_;
    test::TempFolder folder_;
};

TEST_F(RoutesTest, ASearchAsksTheLibraryAndRoundsItsAnswer) {
    library::IdentifyRequest asked;
    library_.on_identify = [&](const audio::Source& clip, const library::IdentifyRequest& request) {
        asked = request;
        EXPECT_EQ(std::get<std::span<const std::byte>>(clip).size(), 4U);
        library::Match match{.recording = {}, .track = library_.tracks[0]};
        match.recording.confidence = 0.123456789;
        library::Identification found;
        found.exact = std::vector{match};
        return found;
    };
    auto request = with_upload("clip");
    request.form = {{"mode", "exact"}, {"max_results", "3"}};
    const auto response = call(search_routes(library_, std::chrono::seconds(5)), "POST", "/api/v1/search", request);
    ASSERT_TRUE(response);
    const auto answer = json(response);
    EXPECT_EQ(answer.at("request_id"), kId);
    EXPECT_EQ(answer.at("exact_matches").at(0).at("confidence").to_number<double>(), 0.1235);
    EXPECT_EQ(answer.at("exact_matches").at(0).at("track").at("title"), "Song");
    EXPECT_EQ(asked.mode, library::Mode::exact);
    EXPECT_EQ(asked.max_results, 3U);
    EXPECT_EQ(asked.length, library::TooLong::refuse);
    EXPECT_FALSE(asked.deadline.expired());
}

TEST_F(RoutesTest, SimilarTracksOfAMomentAfterTheEndAreNotFound) {
    const auto routes = search_routes(library_, std::chrono::seconds(5));
    http::Request request;
    request.query = {{"at", "61"}};
    const auto path = fmt::format("/api/v1/tracks/{}/similar", kId);
    EXPECT_EQ(call(routes, "GET", path, request).error().reason, Reason::not_found);
    EXPECT_TRUE(library_.similar_requests.empty());
    request.query = {{"at", "10"}, {"diverse", "true"}};
    ASSERT_TRUE(call(routes, "GET", path, request));
    EXPECT_EQ(library_.similar_requests.at(0).at_seconds, 10);
    EXPECT_EQ(library_.similar_requests.at(0).options.order, search::Order::diverse);
}

TEST_F(RoutesTest, TracksThatAreNotReadyAreNotThere) {
    const auto routes = track_routes(library_);
    EXPECT_TRUE(call(routes, "GET", fmt::format("/api/v1/tracks/{}", kId)));
    library_.tracks[0].state = catalog::TrackState::pending;
    EXPECT_EQ(call(routes, "GET", fmt::format("/api/v1/tracks/{}", kId)).error().reason, Reason::not_found);
    EXPECT_EQ(json(call(routes, "GET", "/api/v1/tracks")).at("total"), 0);
    EXPECT_EQ(call(routes, "GET", "/api/v1/tracks/7").error().kind, ErrorKind::invalid_input);
}

TEST_F(RoutesTest, ARemovalIsAnInteractiveChange) {
    EXPECT_EQ(call(track_routes(library_), "DELETE", fmt::format("/api/v1/tracks/{}", kId))->status, 204U);
    EXPECT_TRUE(library_.tracks.empty());
    EXPECT_EQ(library_.turns.at(0).priority, library::Priority::interactive);
}

TEST_F(RoutesTest, ReadinessIsThatOfTheStoresThatAreNeeded) {
    const http::Metrics metrics;
    const auto routes = health_routes(library_, {"1.0", {}}, metrics, [] { return false; });
    library_.stores = {true, true, false, false};
    EXPECT_EQ(call(routes, "GET", "/health/ready")->status, 200U) << "the exact lane works without vectors and audio";
    EXPECT_EQ(json(call(routes, "GET", "/health/ready")).at("stores").at("vector_index"), "unavailable");
    EXPECT_EQ(json(call(routes, "GET", "/health/ready")).at("stores").at("audio"), "unavailable");
    library_.stores = {true, false, std::nullopt, std::nullopt};
    EXPECT_EQ(call(routes, "GET", "/health/ready")->status, 503U);
    EXPECT_TRUE(json(call(routes, "GET", "/health/ready")).at("stores").at("vector_index").is_null());
    EXPECT_TRUE(json(call(routes, "GET", "/health/ready")).at("stores").at("audio").is_null());
}

TEST_F(RoutesTest, JobsIngestInTheBackground) {
    library_.ingest_report->ingested = 2;
    ingest::IngestObserver nobody;
    const std::stop_source stop;
    const auto report = background_ingest(library_)("/music", nobody, stop.get_token());
    EXPECT_EQ(report->ingested, 2);
    EXPECT_EQ(library_.ingest_requests.at(0).paths, std::vector<std::filesystem::path>{"/music"});
    EXPECT_EQ(library_.turns.at(0).priority, library::Priority::background);
    EXPECT_EQ(library_.turns.at(0).stop, stop.get_token());
}

}  // namespace
}  // namespace audio_ident::api
