#include "api/error_codes.hpp"

#include <gtest/gtest.h>
#include <set>

namespace audio_ident::api {
namespace {

std::string_view code_of(ErrorKind kind, Reason reason = {}) {
    return error_code_of({kind, "", reason}).code;
}

TEST(ErrorCodes, TheReasonCountsBeforeTheKind) {
    EXPECT_EQ(code_of(ErrorKind::invalid_input, Reason::audio_too_short), "AUDIO_TOO_SHORT");
    EXPECT_EQ(code_of(ErrorKind::corrupt, Reason::store_unavailable), "SERVICE_UNAVAILABLE");
    EXPECT_EQ(code_of(ErrorKind::not_available, Reason::file_not_found), "FILE_NOT_FOUND");
    EXPECT_EQ(error_code_of({ErrorKind::invalid_input, "", Reason::not_found}).status, 404U);
}

TEST(ErrorCodes, WithoutAReasonTheKindDecides) {
    EXPECT_EQ(code_of(ErrorKind::invalid_input), "VALIDATION_ERROR");
    EXPECT_EQ(code_of(ErrorKind::not_available), "SERVICE_UNAVAILABLE");
    EXPECT_EQ(code_of(ErrorKind::unsupported), "UNSUPPORTED_FORMAT");
    EXPECT_EQ(code_of(ErrorKind::corrupt), "INTERNAL_ERROR");
    EXPECT_EQ(code_of(ErrorKind::internal), "INTERNAL_ERROR");
}

TEST(ErrorCodes, OnlyASearchTimesOutAsASearch) {
    EXPECT_EQ(code_of(ErrorKind::timeout, Reason::search_timeout), "SEARCH_TIMEOUT");
    EXPECT_EQ(code_of(ErrorKind::timeout), "SERVICE_UNAVAILABLE");
    EXPECT_EQ(code_of(ErrorKind::timeout, Reason::request_timeout), "REQUEST_TIMEOUT");
}

TEST(ErrorCodes, EveryRowIsNamedOnce) {
    std::set<std::string_view> codes;
    for (const auto& row : error_codes()) EXPECT_TRUE(codes.insert(row.code).second) << row.code;
}

}  // namespace
}  // namespace audio_ident::api
