#include "lib/openssl/file_sha256.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "lib/openssl/sha256.hpp"
#include "support/files.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::openssl {
namespace {

TEST(FileSha256, HashesAFileOfManyBlocksWhateverBytesItsNameHas) {
    const test::TempFolder folder;
    const auto path = folder / "new\nline \xff\xfe \x01.mp3";
    const std::string text(1'000'003, 'q');
    test::write_file(path, text);
    Sha256 sha;
    sha.update(std::as_bytes(std::span(text)));

    const auto hash = file_sha256(path, Deadline());
    ASSERT_TRUE(hash) << hash.error().message;
    EXPECT_EQ(hash->sha256, sha.finish());
    EXPECT_EQ(hash->bytes, 1'000'003);
}

TEST(FileSha256, SaysWhyAFileCannotBeHashed) {
    const test::TempFolder folder;
    const auto missing = file_sha256(folder / "missing", Deadline());
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind, ErrorKind::not_available);
    EXPECT_NE(missing.error().message.find("No such file"), std::string::npos);

    const auto a_folder = file_sha256(folder.path(), Deadline());
    ASSERT_FALSE(a_folder);
    EXPECT_EQ(a_folder.error().kind, ErrorKind::invalid_input);
}

TEST(FileSha256, DoesNotWaitForTheWriterOfANamedPipe) {
    const test::TempFolder folder;
    ASSERT_EQ(::mkfifo((folder / "pipe.mp3").c_str(), 0600), 0);
    const auto hash = file_sha256(folder / "pipe.mp3", Deadline());
    ASSERT_FALSE(hash);
    EXPECT_EQ(hash.error().kind, ErrorKind::invalid_input);
}

TEST(FileSha256, EndsWhenStopped) {
    const test::TempFolder folder;
    test::write_file(folder / "file", std::string_view("abc"));
    std::stop_source stop;
    stop.request_stop();
    const auto hash = file_sha256(folder / "file", Deadline::never(stop.get_token()));
    ASSERT_FALSE(hash);
    EXPECT_EQ(hash.error().kind, ErrorKind::timeout);
}

}  // namespace
}  // namespace audio_ident::openssl
