#include "http/file_response.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "support/temp_folder.hpp"

namespace audio_ident::http {
namespace {

class FileResponse : public ::testing::Test {
  protected:
    FileResponse() { std::ofstream(path_) << "0123456789"; }

    Response get(Fields headers = {}) {
        Request request;
        request.headers = std::move(headers);
        return *file_response(path_, "text/plain", request);
    }
    static std::string bytes(const Response& response) { return std::get<FileSlice>(response.body).read(0, 100); }
    static std::string header(const Response& response, std::string_view name) {
        const auto* value = find_field(response.headers, name);
        return value ? *value : "";
    }

    test::TempFolder folder_;
    std::filesystem::path path_ = folder_ / "file.txt";
};

TEST_F(FileResponse, IsTheWholeFileOrARangeOfIt) {
    const auto whole = get();
    EXPECT_EQ(whole.status, 200U);
    EXPECT_EQ(bytes(whole), "0123456789");
    const auto part = get({{"range", "bytes=2-4"}});
    EXPECT_EQ(part.status, 206U);
    EXPECT_EQ(bytes(part), "234");
    EXPECT_EQ(header(part, "Content-Range"), "bytes 2-4/10");
}

TEST_F(FileResponse, IsNothingWhenTheClientHasIt) {
    const auto tag = header(get(), "ETag");
    EXPECT_EQ(get({{"if-none-match", tag}}).status, 304U);
    EXPECT_EQ(get({{"if-none-match", "\"other\""}}).status, 200U);
    EXPECT_EQ(get({{"range", "bytes=2-4"}, {"if-range", tag}}).status, 206U);
    EXPECT_EQ(get({{"range", "bytes=2-4"}, {"if-range", "\"other\""}}).status, 200U);
}

TEST_F(FileResponse, RefusesARangeAfterTheEnd) {
    const auto refused = get({{"range", "bytes=10-"}});
    ASSERT_TRUE(refused.error);
    EXPECT_EQ(refused.error->reason, Reason::range_not_satisfiable);
    EXPECT_EQ(header(refused, "Content-Range"), "bytes */10");
}

TEST_F(FileResponse, FailsWhenThereIsNoFile) {
    EXPECT_EQ(file_response(folder_ / "none", "text/plain", {}).error().kind, ErrorKind::not_available);
    EXPECT_EQ(file_response(folder_.path(), "text/plain", {}).error().kind, ErrorKind::not_available);
}

}  // namespace
}  // namespace audio_ident::http
