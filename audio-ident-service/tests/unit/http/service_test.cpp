#include "http/service.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdexcept>

namespace audio_ident::http {
namespace {

using ::testing::HasSubstr;

/// An example of a product's mapping.
ErrorCode code_of(const Error& error) {
    if (error.reason == Reason::not_found) return {"GONE_FISHING", 404};
    if (error.reason == Reason::method_not_allowed) return {"NOT_THAT_WAY", 405};
    if (error.reason == Reason::unauthorized) return {"WHO_ARE_YOU", 401};
    if (error.reason == Reason::rate_limited) return {"SLOWLY", 429};
    if (error.kind == ErrorKind::not_available) return {"LATER", 503};
    return {"OH_NO", 500};
}

class ServiceTest : public ::testing::Test {
  protected:
    /// The response that a client gets.
    Response answer(std::string method, std::string path, Fields headers = {}) {
        Request request;
        request.id = "id-1";
        request.method = std::move(method);
        request.path = std::move(path);
        request.client = "client";
        request.headers = std::move(headers);
        auto admitted = service_.admit(request);
        const auto* route = std::get_if<const Route*>(&admitted);
        auto response = route ? service_.handle(**route, request) : std::move(std::get<Response>(admitted));
        service_.complete(response, request);
        return response;
    }
    static std::string text(const Response& response) { return std::get<std::string>(response.body); }
    static std::string header(const Response& response, std::string_view name) {
        const auto* value = find_field(response.headers, name);
        return value ? *value : "";
    }
    void add(std::function<Result<Response>(const Request&)> handle, Access access = Access::read) {
        service_.add({{.method = "GET", .pattern = "/things/{id}", .access = access, .handle = std::move(handle)}});
    }

    Metrics metrics_;
    Service service_{{.origins = {}, .hosts = {}, .write_key = "key"}, 2, code_of, metrics_};
};

TEST_F(ServiceTest, ARouteGetsThePathsParameters) {
    add([](const Request& request) { return json_response(*find_field(request.path_parameters, "id")); });
    const auto response = answer("GET", "/things/7");
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(text(response), "7");
    EXPECT_EQ(header(response, "X-Request-ID"), "id-1");
}

TEST_F(ServiceTest, FailuresAreToldAsTheMappingSays) {
    add([](const Request&) -> Result<Response> { return fail(ErrorKind::not_available, "closed on Sundays"); });
    const auto response = answer("GET", "/things/7");
    EXPECT_EQ(response.status, 503U);
    EXPECT_EQ(response.error_code, "LATER");
    EXPECT_EQ(header(response, "Retry-After"), "2");
    EXPECT_EQ(boost::json::parse(text(response)),
              boost::json::parse(R"({"error":{"code":"LATER","message":"closed on Sundays",
                                              "details":{"request_id":"id-1"}}})"));
}

TEST_F(ServiceTest, ARouteMayAddHeadersToAFailure) {
    add([](const Request&) -> Result<Response> {
        return error_response({ErrorKind::not_available, "full", {}}).with("Retry-After", "60");
    });
    EXPECT_EQ(header(answer("GET", "/things/7"), "Retry-After"), "60");
}

TEST_F(ServiceTest, AnExceptionIsAnAnswerToo) {
    add([](const Request&) -> Result<Response> { throw std::runtime_error("secret"); });
    const auto response = answer("GET", "/things/7");
    EXPECT_EQ(response.status, 500U);
    EXPECT_THAT(text(response), ::testing::Not(HasSubstr("secret")));
}

TEST_F(ServiceTest, SaysWhatIsNotThereAndWhatAPathTakes) {
    add([](const Request&) { return json_response("{}"); });
    EXPECT_EQ(answer("GET", "/nothing").error_code, "GONE_FISHING");
    const auto response = answer("POST", "/things/7");
    EXPECT_EQ(response.status, 405U);
    EXPECT_EQ(header(response, "Allow"), "GET, HEAD, OPTIONS");
}

TEST_F(ServiceTest, WritesNeedTheKeyButTheirPreflightDoesNot) {
    add([](const Request&) { return json_response("{}"); }, Access::write);
    const auto refused = answer("GET", "/things/7");
    EXPECT_EQ(refused.status, 401U);
    EXPECT_EQ(header(refused, "WWW-Authenticate"), "Bearer");
    EXPECT_EQ(answer("GET", "/things/7", {{"authorization", "Bearer key"}}).status, 200U);
    EXPECT_EQ(answer("OPTIONS", "/things/7").status, 204U);
}

TEST_F(ServiceTest, OnlyTheApiCountsAgainstTheRate) {
    add([](const Request&) { return json_response("{}"); });  // not described, so not part of the API
    service_.add({{.method = "GET",
                   .pattern = "/api",
                   .handle = [](const Request&) { return json_response("{}"); },
                   .describe = [](Operation&) {}}});
    for (int i = 0; i < 5; ++i) EXPECT_EQ(answer("GET", "/things/7").status, 200U);
    EXPECT_EQ(answer("GET", "/api").status, 200U);
    EXPECT_EQ(answer("GET", "/api").status, 200U);
    const auto limited = answer("GET", "/api");
    EXPECT_EQ(limited.status, 429U);
    EXPECT_EQ(header(limited, "Retry-After"), "30");
}

}  // namespace
}  // namespace audio_ident::http
