#include "http/form.hpp"

#include <fcntl.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <vector>

#include "support/temp_folder.hpp"
#include "util/descriptor.hpp"

namespace audio_ident::http {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr std::string_view kMultipart = "multipart/form-data; boundary=b";

std::string part(std::string_view disposition, std::string_view content) {
    return fmt::format("--b\r\nContent-Disposition: form-data; {}\r\n\r\n{}\r\n", disposition, content);
}

/// The request that results from this form, or why the form is refused.
Result<Request> receive(const FormRules& rules, std::string_view content_type, std::string_view body) {
    auto form = FormReceiver::create(rules, content_type);
    if (!form) return forward(form);
    for (const char byte : body) {
        if (auto taken = (*form)->consume({&byte, 1}); !taken) return forward(taken);
    }
    Request request;
    if (auto whole = (*form)->finish(request); !whole) return forward(whole);
    return request;
}

TEST(Form, HasFieldsAndOneFile) {
    const auto body = part("name=\"a\"", "1") + part("name=\"picture\"; filename=\"x.png\"", "bytes") + "--b--\r\n";
    const auto request = receive({"picture", 100}, kMultipart, body);
    ASSERT_TRUE(request);
    EXPECT_THAT(request->form, ElementsAre(Pair("a", "1")));
    EXPECT_EQ(request->upload->file_name, "x.png");
    EXPECT_EQ(request->upload->bytes, "bytes");
}

TEST(Form, AnUploadGoesToTheDiskAndIsRemovedAfterwards) {
    const test::TempFolder folder;
    const auto body = part("name=\"picture\"; filename=\"x.png\"", "bytes") + "--b--\r\n";
    auto request = receive({"picture", 100, folder.path()}, kMultipart, body);
    ASSERT_TRUE(request);
    const auto path = request->upload->path;
    EXPECT_EQ(std::filesystem::file_size(path), 5U);
    request = Request();
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Form, UploadsThatWaitCountAsThoseThatArrive) {
    constexpr std::size_t kEach = std::size_t{64} << 20;
    const std::string much(kEach, '.');
    std::vector<Upload> waiting(Upload::kMostInMemory / kEach);
    for (auto& upload : waiting) ASSERT_TRUE(upload.hold(much));
    const auto body = part("name=\"picture\"; filename=\"x.png\"", "bytes") + "--b--\r\n";
    const auto refused = receive({"picture", 100}, kMultipart, body);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::not_available);
    waiting.clear();
    EXPECT_TRUE(receive({"picture", 100}, kMultipart, body));
}

TEST(Form, RefusesWhatTheRulesDoNotAllow) {
    const auto file = part("name=\"picture\"; filename=\"x\"", "12345");
    EXPECT_EQ(receive({"picture", 4}, kMultipart, file + "--b--").error().reason, Reason::upload_too_large);
    EXPECT_EQ(receive({"picture", 9}, kMultipart, file + file + "--b--").error().message, "picture was given twice");
    EXPECT_EQ(receive({"picture", 9}, kMultipart, part("name=\"picture\"", "1") + "--b--").error().message,
              "picture must be a file: its part has no filename");
    EXPECT_FALSE(receive({"picture", 9}, kMultipart, file));
    EXPECT_FALSE(receive({"picture", 9}, "text/plain", ""));
}

TEST(Form, WithoutAFileMayHaveAFieldWithoutAName) {
    const auto request = receive({}, kMultipart, part("name=\"\"", "1") + "--b--\r\n");
    ASSERT_TRUE(request);
    EXPECT_THAT(request->form, ElementsAre(Pair("", "1")));
}

TEST(Form, MayBeUrlEncoded) {
    const auto request = receive({"picture", 9}, "application/x-www-form-urlencoded; charset=utf-8", "a=1&b=x+y");
    ASSERT_TRUE(request);
    EXPECT_THAT(request->form, ElementsAre(Pair("a", "1"), Pair("b", "x y")));
    EXPECT_FALSE(request->upload);
}

TEST(AbandonedUploads, GoAndOthersStay) {
    const test::TempFolder folder;
    const auto file = [&](const char* name, std::chrono::minutes age) {
        std::ofstream(folder / name) << "x";
        std::filesystem::last_write_time(folder / name, std::filesystem::file_time_type::clock::now() - age);
    };
    using std::chrono::minutes;
    file("incoming-old", minutes(2));
    file("incoming-young", minutes(0));
    file("song.mp3", minutes(2));
    file("incoming-locked", minutes(2));
    const util::Descriptor other(::open((folder / "incoming-locked").c_str(), O_RDONLY | O_CLOEXEC));
    ASSERT_EQ(::flock(other.get(), LOCK_EX), 0);
    remove_abandoned_uploads(folder.path());
    remove_abandoned_uploads(folder / "none");
    EXPECT_FALSE(std::filesystem::exists(folder / "incoming-old"));
    for (const char* name : {"incoming-young", "song.mp3", "incoming-locked"})
        EXPECT_TRUE(std::filesystem::exists(folder / name)) << name;
}

}  // namespace
}  // namespace audio_ident::http
