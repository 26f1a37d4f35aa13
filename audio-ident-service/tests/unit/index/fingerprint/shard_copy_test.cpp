#include "index/fingerprint/shard_copy.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <thread>

#include "support/executor.hpp"
#include "support/random.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::test {
namespace {

namespace fs = std::filesystem;

using index::Shard;
using index::ShardCopy;
using index::ShardHash;
using index::Shards;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::size_t kShardBytes = 1000;

/// A shard as it was read from a database.
void add_shard(Shards& shards, std::uint64_t seed, std::size_t bytes = kShardBytes) {
    Random random(seed);
    auto content = std::make_shared<std::vector<std::byte>>(bytes);
    for (std::byte& byte : *content) byte = std::byte(random.below(256));
    shards[ShardHash::of(*content)] = {.bytes = *content, .owner = content};
}

Shards numbered_shards(std::uint64_t first, std::uint64_t end) {
    Shards shards;
    for (std::uint64_t seed = first; seed < end; ++seed) add_shard(shards, seed);
    return shards;
}

std::vector<ShardHash> hashes_of(const Shards& shards) {
    std::vector<ShardHash> hashes;
    for (const auto& [hash, shard] : shards) hashes.push_back(hash);
    return hashes;
}

class ShardCopyTest : public testing::Test {
  protected:
    /// As another process has it.
    std::unique_ptr<ShardCopy> copy(std::uint64_t most_bytes = 1U << 30U) {
        return std::make_unique<ShardCopy>(
            ShardCopy::Settings{.folder = folder(),
                                .most_bytes = most_bytes,
                                .executor = &executor(),
                                .warn = [this](const std::string& message) { warnings_.push_back(message); }});
    }
    fs::path folder() const { return folder_ / "copy"; }
    std::vector<fs::path> files() const {
        std::vector<fs::path> paths;
        for (const auto& entry : fs::directory_iterator(folder())) {
            if (entry.path().filename() != "lock") paths.push_back(entry.path());
        }
        return paths;
    }
    std::uint64_t bytes() const {
        std::uint64_t total = 0;
        for (const fs::path& path : files()) total += fs::file_size(path);
        return total;
    }
    /// How many of the shards another process finds. What it finds has the right bytes.
    std::size_t found(const Shards& shards, std::uint64_t most_bytes = 1U << 30U) {
        const auto found = copy(most_bytes)->find(hashes_of(shards));
        for (const auto& [hash, shard] : found) {
            EXPECT_EQ(shard.place, Shard::Place::copy);
            EXPECT_EQ(ShardHash::of(shard.bytes), hash);
        }
        return found.size();
    }

    TempFolder folder_;
    std::vector<std::string> warnings_;
};

TEST_F(ShardCopyTest, AnotherProcessFindsWhatWasSaved) {
    auto shards = numbered_shards(0, 50);
    add_shard(shards, 50, 100'000);
    add_shard(shards, 51, 1);
    add_shard(shards, 52, 0);
    EXPECT_EQ(found(shards), 0U) << "there is no folder";
    copy()->save(shards);
    EXPECT_EQ(found(shards), 53U);
    EXPECT_EQ(found(numbered_shards(100, 110)), 0U);
    EXPECT_THAT(files(), SizeIs(1));
    EXPECT_TRUE(warnings_.empty());
}

TEST_F(ShardCopyTest, AProcessFindsWhatOthersSaveLater) {
    const auto early = copy();
    EXPECT_TRUE(early->find(hashes_of(numbered_shards(0, 9))).empty());
    copy()->save(numbered_shards(0, 9));
    const auto found = early->find(hashes_of(numbered_shards(0, 9)));
    EXPECT_EQ(found.size(), 9U);
    copy()->save(numbered_shards(20, 29));
    EXPECT_TRUE(early->find(hashes_of(numbered_shards(0, 9))).empty());
    for (const auto& [hash, shard] : found) EXPECT_EQ(ShardHash::of(shard.bytes), hash) << "as long as it is held";
}

TEST_F(ShardCopyTest, WritesWhatIsNewAndRemovesWhatIsGone) {
    copy()->save(numbered_shards(0, 100));
    const auto first = files();
    const auto written = fs::last_write_time(first.at(0));
    copy()->save(numbered_shards(0, 110));
    EXPECT_THAT(files(), SizeIs(2));
    EXPECT_EQ(fs::last_write_time(first.at(0)), written);
    EXPECT_LT(bytes(), 110 * (kShardBytes + 64));
    EXPECT_EQ(found(numbered_shards(0, 110)), 110U);
    // Less than half of the first file is left.
    copy()->save(numbered_shards(60, 110));
    EXPECT_LT(bytes(), 50 * (kShardBytes + 64));
    EXPECT_EQ(found(numbered_shards(60, 110)), 50U);
    EXPECT_EQ(found(numbered_shards(0, 60)), 0U);
    copy()->save({});
    EXPECT_THAT(files(), SizeIs(0));
}

TEST_F(ShardCopyTest, StaysInFewFilesWhenItGrowsInSmallSteps) {
    const auto one = copy();
    for (std::uint64_t end = 1; end <= 200; ++end) {
        one->save(numbered_shards(0, end));
        ASSERT_LE(files().size(), 9U);
    }
    EXPECT_EQ(found(numbered_shards(0, 200)), 200U);
}

TEST_F(ShardCopyTest, KeepsToItsBound) {
    constexpr std::uint64_t kMost = 20 * kShardBytes;
    const auto shards = numbered_shards(0, 50);
    copy(kMost)->save(shards);
    EXPECT_LE(bytes(), kMost);
    EXPECT_GE(found(shards), 18U);
    const auto first = files();
    copy(kMost)->save(shards);
    EXPECT_EQ(files(), first) << "nothing is gained by writing others";
    // What is no longer wanted makes room, even where less than half of a file is.
    const auto held = copy()->find(hashes_of(shards));
    Shards later = numbered_shards(50, 70);
    std::size_t left = 0;
    for (const auto& [hash, shard] : held) {
        if (left++ < 12) later.emplace(hash, shard);
    }
    copy(kMost)->save(later);
    EXPECT_LE(bytes(), kMost);
    EXPECT_GE(found(later), 18U);
    copy(5 * kShardBytes)->save(later);
    EXPECT_LE(bytes(), 5 * kShardBytes);
    EXPECT_GE(found(later), 4U);
    EXPECT_TRUE(warnings_.empty());
}

/// Overwrites bytes of a file.
void damage(const fs::path& path, std::uint64_t at, const std::string& bytes) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(at));
    file << bytes;
    ASSERT_TRUE(file.good());
}

TEST_F(ShardCopyTest, FindsNothingWrongInADamagedFile) {
    const auto shards = numbered_shards(0, 20);
    const std::uint64_t whole = index::ShardPack::kHeadBytes + 20 * (sizeof(index::ShardPack::Entry) + kShardBytes);
    const std::vector<std::function<void(const fs::path&)>> ways = {
        [&](const fs::path& path) { fs::resize_file(path, whole - 1); },
        [&](const fs::path& path) { fs::resize_file(path, whole / 2); },
        [&](const fs::path& path) { fs::resize_file(path, 10); },
        [&](const fs::path& path) { fs::resize_file(path, 0); },
        [&](const fs::path& path) { fs::resize_file(path, whole + 1); },
        [&](const fs::path& path) { damage(path, 0, "AIDSHARD"); },
        [&](const fs::path& path) { damage(path, 8, "\x07"); },
        [&](const fs::path& path) { damage(path, 12, "\x13"); },
        [&](const fs::path& path) { damage(path, 30, "another hash"); },
        [&](const fs::path& path) { damage(path, whole - 1, std::string(1, '\x55')); },
        // As a power cut leaves it: the size is right, and pages are missing.
        [&](const fs::path& path) { damage(path, 4096, std::string(8192, '\0')); },
    };
    for (std::size_t i = 0; i < ways.size(); ++i) {
        warnings_.clear();
        copy()->save(shards);
        ASSERT_THAT(files(), SizeIs(1));
        ASSERT_EQ(fs::file_size(files().front()), whole);
        ways[i](files().front());
        const std::size_t left = found(shards);
        EXPECT_LT(left, 20U) << i;
        // The next one that saves makes it whole.
        const auto again = copy();
        static_cast<void>(again->find(hashes_of(shards)));
        again->save(shards);
        EXPECT_EQ(found(shards), 20U) << i;
        EXPECT_THAT(files(), SizeIs(1)) << i;
    }
}

TEST_F(ShardCopyTest, SaysOnceThatAFileIsDamagedAndRemovesIt) {
    const auto shards = numbered_shards(0, 20);
    copy()->save(shards);
    const fs::path path = files().front();
    damage(path, fs::file_size(path) - 1, std::string(1, '\x55'));
    const auto process = copy();
    EXPECT_EQ(process->find(hashes_of(shards)).size(), 19U);
    EXPECT_THAT(files(), SizeIs(0));
    EXPECT_THAT(warnings_, testing::ElementsAre(HasSubstr("is damaged; what it held is read from PostgreSQL again")));
}

TEST_F(ShardCopyTest, SavesNoBytesThatDoNotHaveTheirHash) {
    auto shards = numbered_shards(0, 5);
    const auto wrong = ShardHash::of(*std::make_shared<std::vector<std::byte>>(7));
    shards[wrong] = shards.begin()->second;
    copy()->save(shards);
    EXPECT_EQ(found(shards), 5U);
}

TEST_F(ShardCopyTest, IsNoneWhereItCannotBeWritten) {
    std::ofstream(folder()) << "a file";
    const auto process = copy();
    for (int i = 0; i < 2; ++i) {
        process->save(numbered_shards(0, 5));
        EXPECT_TRUE(process->find(hashes_of(numbered_shards(0, 5))).empty());
    }
    EXPECT_THAT(warnings_, testing::ElementsAre(HasSubstr("cannot keep a copy of the fingerprint index in")));
}

TEST_F(ShardCopyTest, ManyUseItAtOnce) {
    std::vector<std::thread> threads;
    for (std::uint64_t i = 0; i < 4; ++i) {
        threads.emplace_back([this, i] {
            for (std::uint64_t turn = 0; turn < 12; ++turn) {
                const auto process = copy();
                const auto shards = numbered_shards(turn * 5, turn * 5 + 20 + i);
                for (const auto& [hash, shard] : process->find(hashes_of(shards)))
                    EXPECT_EQ(ShardHash::of(shard.bytes), hash);
                process->save(shards);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    const auto last = numbered_shards(0, 30);
    copy()->save(last);
    EXPECT_EQ(found(last), 30U);
    EXPECT_LT(bytes(), 70 * kShardBytes);
    EXPECT_TRUE(warnings_.empty());
}

}  // namespace
}  // namespace audio_ident::test
