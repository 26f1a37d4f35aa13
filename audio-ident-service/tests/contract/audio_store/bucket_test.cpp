#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fcntl.h>
#include <future>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "backends.hpp"
#include "lib/openssl/file_sha256.hpp"
#include "storage/stored_name.hpp"
#include "support/cutting_proxy.hpp"
#include "support/files.hpp"

namespace audio_ident::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

/// A bucket, and how it fails.
class S3Store : public testing::Test {
  protected:
    void SetUp() override {
        if (!S3Server::program()) GTEST_SKIP() << S3Server::kAbsent;
    }
    std::unique_ptr<storage::AudioStore> open(curl::S3Address address, const TempFolder& folder,
                                              std::uint64_t most_bytes = 1 << 30) {
        return storage::make_bucket_store(std::move(address), folder.path(), most_bytes);
    }
    fs::path new_file(std::uint64_t bytes, char fill = 'x') {
        const auto file = folder_ / ("incoming-" + Uuid::random().to_string());
        std::ofstream out(file, std::ios::binary);
        const std::string block(1 << 20, fill);
        for (auto left = bytes; left > 0; left -= std::min<std::uint64_t>(left, block.size()))
            out.write(block.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(left, block.size())));
        return file;
    }
    static std::string name_of(const fs::path& file, const std::string& name = "song.mp3") {
        return storage::upload_name(openssl::file_sha256(file, {})->sha256, name);
    }

    /// Makes a copy one that nobody has used for an hour.
    static void make_old(const fs::path& file) {
        timespec now{};
        ::clock_gettime(CLOCK_REALTIME, &now);
        const timespec times[] = {{now.tv_sec - 3600, 0}, {.tv_sec = 0, .tv_nsec = UTIME_OMIT}};
        ASSERT_EQ(::utimensat(AT_FDCWD, file.c_str(), times, 0), 0);
    }

    TempFolder folder_;
    TempFolder other_;
};

TEST_F(S3Store, AConnectionThatIsCutIsTriedAgain) {
    CuttingProxy proxy(S3Server::shared().port());
    const auto address = new_prefix(proxy.url());
    const auto here = open(address, folder_);
    const auto file = new_file(20'000'000);
    const auto name = name_of(file);
    // The first connection looks whether the object is there, and is too short to be cut off.
    proxy.to_server = 9'000'000;
    proxy.cuts = 3;
    const auto kept = here->keep(file, name, {});
    ASSERT_TRUE(kept) << kept.error().message;
    EXPECT_EQ(proxy.connections, 4);
    proxy.to_client = 9'000'000;
    proxy.to_server = 1'000'000;
    proxy.cuts = 2;
    const auto elsewhere = open(address, other_);
    const auto opened = elsewhere->open(*kept, {});
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(openssl::file_sha256(*opened, {})->sha256, openssl::file_sha256(*kept, {})->sha256);
}

TEST_F(S3Store, AConnectionThatIsCutAgainAndAgainLeavesNothing) {
    CuttingProxy proxy(S3Server::shared().port());
    const auto address = new_prefix(proxy.url());
    const auto here = open(address, folder_);
    const auto file = new_file(20'000'000);
    const auto name = name_of(file);
    const auto kept = here->keep(file, name, {});
    ASSERT_TRUE(kept) << kept.error().message;
    proxy.to_server = 1'000'000;
    proxy.to_client = 9'000'000;
    proxy.cuts = 100;
    const auto elsewhere = open(address, other_);
    const auto opened = elsewhere->open(*kept, {});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().reason, Reason::store_unavailable) << opened.error().message;
    for (const auto& entry : fs::recursive_directory_iterator(other_.path()))
        EXPECT_FALSE(entry.is_regular_file()) << entry.path();
    proxy.cuts = 0;
    EXPECT_TRUE(elsewhere->open(*kept, {}));
}

TEST_F(S3Store, SaysWhatIsWrongWithTheSettings) {
    const auto message_of = [&](const curl::S3Address& address) {
        const auto answer = open(address, other_)->check({});
        EXPECT_FALSE(answer);
        EXPECT_EQ(answer.error().reason, Reason::store_unavailable);
        EXPECT_EQ(answer.error().kind, ErrorKind::invalid_input);
        return answer.error().message;
    };
    auto address = new_prefix(S3Server::shared().url());
    address.secret_key = "another";
    EXPECT_THAT(message_of(address), AllOf(HasSubstr("s3://music/"), HasSubstr(S3Server::shared().url()),
                                           HasSubstr("SignatureDoesNotMatch"), HasSubstr("check the secret key")));
    EXPECT_THAT(message_of(address), testing::Not(HasSubstr("another")));
    address = new_prefix(S3Server::shared().url());
    address.access_key = "nobody";
    EXPECT_THAT(message_of(address), HasSubstr("check the access key"));
    address = new_prefix(S3Server::shared().url());
    address.bucket = "no-such-bucket";
    EXPECT_THAT(message_of(address), AllOf(HasSubstr("NoSuchBucket"), HasSubstr("make the bucket")));
}

TEST_F(S3Store, AServerThatIsAwayIsNamed) {
    auto address = new_prefix("http://127.0.0.1:9");
    const auto store = open(address, folder_);
    const auto answer = store->ping({});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::not_available);
    EXPECT_THAT(answer.error().message, AllOf(HasSubstr("cannot reach s3://music/"), HasSubstr("127.0.0.1:9")));
    const auto file = new_file(10);
    EXPECT_EQ(store->keep(file, name_of(file), {}).error().reason, Reason::store_unavailable);
    EXPECT_TRUE(fs::exists(file)) << "the upload is its owner's until it is kept";
}

TEST_F(S3Store, ACopyOfWhatAnotherServiceRemovedMakesWay) {
    const auto address = new_prefix(S3Server::shared().url());
    const auto here = open(address, folder_, 1000);
    const auto elsewhere = open(address, other_, 1000);
    const auto keep = [&](char fill) {
        const auto file = new_file(900, fill);
        const auto kept = here->keep(file, name_of(file), {});
        EXPECT_TRUE(kept) << kept.error().message;
        return kept.value_or("");
    };
    const auto kept = keep('a');
    const auto fetched = elsewhere->open(kept, {});
    ASSERT_TRUE(fetched) << fetched.error().message;
    const bool has_marks = keeps_attributes(*fetched);  // without them nobody can tell, and the copies stay
    ASSERT_TRUE(curl::S3Bucket(address).remove(name_of(kept), {})) << "a third service removes the track";
    make_old(kept);
    make_old(*fetched);
    const auto next = keep('b');
    EXPECT_NE(fs::exists(kept), has_marks) << "a copy of what was put there";
    ASSERT_TRUE(elsewhere->open(next, {}));
    EXPECT_NE(fs::exists(*fetched), has_marks) << "a copy of what was fetched";
}

TEST_F(S3Store, AFileThatWasNeverAnObjectStays) {
    const auto address = new_prefix(S3Server::shared().url());
    const auto file = new_file(900, 'a');
    const auto place = folder_ / name_of(file);
    fs::create_directories(place.parent_path());
    fs::rename(file, place);
    make_old(place);
    const auto here = open(address, folder_, 1000);
    const auto other = new_file(900, 'b');
    ASSERT_TRUE(here->keep(other, name_of(other), {}));
    EXPECT_TRUE(fs::exists(place));
}

TEST_F(S3Store, OtherBytesThanTheNameSaysAreRefused) {
    const auto address = new_prefix(S3Server::shared().url());
    const auto file = new_file(1000);
    const auto other = new_file(1000, 'y');
    const auto here = open(address, folder_);
    EXPECT_FALSE(here->keep(file, name_of(other), {})) << "the server checks what it gets";
    curl::S3Bucket bucket(address);
    ASSERT_TRUE(bucket.put(name_of(file), other, openssl::file_sha256(other, {})->sha256, {}));
    const auto opened = here->open(folder_ / name_of(file), {});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, ErrorKind::corrupt) << opened.error().message;
}

TEST_F(S3Store, TheBucketMayBeInTheHostName) {
    auto address = new_prefix("http://localhost:" + std::to_string(S3Server::shared().port()));
    address.style = curl::S3Style::host;
    const auto here = open(address, folder_);
    const auto file = new_file(1000);
    const auto kept = here->keep(file, name_of(file, "a b+c é.mp3"), {});
    ASSERT_TRUE(kept) << kept.error().message;
    EXPECT_TRUE(*open(address, other_)->has(*kept, {}));
    const auto checked = here->check({});
    EXPECT_TRUE(checked) << checked.error().message;
}

TEST_F(S3Store, ALargeFileIsNotInMemory) {
    const auto address = new_prefix(S3Server::shared().url());
    const auto here = open(address, folder_);
    const auto file = new_file(200 << 20);
    const auto name = name_of(file);
    const auto most_kilobytes = [] {
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        return usage.ru_maxrss;
    };
    const auto before = most_kilobytes();
    const auto kept = here->keep(file, name, {});
    ASSERT_TRUE(kept) << kept.error().message;
    const auto opened = open(address, other_)->open(*kept, {});
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(fs::file_size(*opened), 200U << 20);
    EXPECT_LT(most_kilobytes() - before, 50'000);
}

TEST_F(S3Store, AStopEndsATransfer) {
    const auto address = new_prefix(S3Server::shared().url());
    const auto here = open(address, folder_);
    std::stop_source stop;
    stop.request_stop();
    const auto file = new_file(1000);
    const auto kept = here->keep(file, name_of(file), Deadline::never(stop.get_token()));
    ASSERT_FALSE(kept);
    EXPECT_EQ(kept.error().kind, ErrorKind::timeout);
}

TEST(BucketStore, WhoWaitsForAnothersTransferWaitsNoLongerThanItsDeadline) {
    using boost::asio::ip::tcp;
    boost::asio::io_context context;
    const tcp::acceptor silent(context, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    const TempFolder folder;
    const auto store = storage::make_bucket_store(
        new_prefix(fmt::format("http://127.0.0.1:{}", silent.local_endpoint().port())), folder.path(), 1 << 30);
    const auto name = storage::upload_name(std::string(64, 'a'), "song.mp3");
    std::stop_source stop;
    auto first = std::async(std::launch::async,
                            [&] { return store->open(folder.path() / name, Deadline::never(stop.get_token())); });
    // Whoever of the two comes first, the second one has only this time.
    const auto second = store->open(folder.path() / name, Deadline::after(std::chrono::milliseconds(200)));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::timeout) << second.error().message;
    EXPECT_EQ(first.wait_for(std::chrono::seconds(0)), std::future_status::timeout) << "the server says nothing";
    stop.request_stop();
    EXPECT_EQ(first.get().error().kind, ErrorKind::timeout);
}

TEST_F(S3Store, MoreThanAThousandObjectsAreListed) {
    const auto address = new_prefix(S3Server::shared().url());
    curl::S3Bucket bucket(address);
    const auto file = new_file(1);
    const auto hash = openssl::file_sha256(file, {})->sha256;
    std::vector<std::string> names;
    for (int i = 0; i < 1003; ++i) names.push_back(fmt::format("many/{:04} & more", i));
    for (const auto& name : names) ASSERT_TRUE(bucket.put(name, file, hash, {}));
    ASSERT_TRUE(bucket.put("others", file, hash, {}));
    const auto listed = bucket.list("many/", {});
    ASSERT_TRUE(listed) << listed.error().message;
    std::vector<std::string> found;
    for (const auto& entry : *listed) found.push_back(entry.name);
    EXPECT_EQ(found, names);
    EXPECT_EQ(listed->front().bytes, 1U);
}

}  // namespace
}  // namespace audio_ident::test
