#include <fstream>
#include <gmock/gmock.h>
#include <thread>

#include "backends.hpp"

namespace audio_ident::test {
namespace {

namespace fs = std::filesystem;

using index::PostgresFingerprintIndex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::uint64_t kMuch = std::uint64_t{1} << 30;

/// The copy of an index that processes keep on their disk.
class FingerprintIndexPostgresCopy : public testing::Test {
  protected:
    struct Process {
        std::unique_ptr<PostgresFingerprintIndex> index;
        FingerprintModel& model;
        std::uint64_t seed = 0;

        /// Checks answers, and returns how many statements they took. One reads the state of the index, another one
        /// shards, where some are missing.
        std::uint64_t search() {
            const std::uint64_t before = index->statements();
            {
                const auto snapshot = index->reader().snapshot({});
                if (!snapshot) throw std::runtime_error(snapshot.error().message);
                for (std::size_t i = 0; i < (*snapshot)->segments().size(); ++i)
                    EXPECT_GT((*snapshot)->count_bound(i, {0, fingerprint::kKeys - 1, 0}), 0U);
            }
            const std::uint64_t made = index->statements() - before;
            const auto snapshot = index->reader().snapshot({});
            if (!snapshot) throw std::runtime_error(snapshot.error().message);
            model.expect_same(**snapshot, ++seed, 20);
            EXPECT_TRUE((*snapshot)->status());
            return made;
        }
        void add(std::uint32_t first, std::uint32_t count) {
            std::vector<index::TrackFingerprint> tracks;
            for (std::uint32_t i = first; i < first + count; ++i)
                tracks.push_back({numbered_id(i), random_fingerprint(i, 700 + i % 5 * 100)});
            const auto added = index->writer().add(tracks, {});
            ASSERT_TRUE(added) << added.error().message;
            for (const auto& track : tracks) model.add(track.id, track.fingerprint);
        }
    };

    /// A process that was just started.
    Process start(PostgresTestIndex& database, FingerprintModel& model, std::uint64_t copy_bytes = kMuch,
                  std::size_t cache_bytes = 1U << 26U) {
        auto opened = PostgresFingerprintIndex::open(
            {.url = database.url(), .cache_bytes = cache_bytes, .copy = copy(copy_bytes)},
            PostgresFingerprintIndex::IfMissing::create, {});
        if (!opened) throw std::runtime_error(opened.error().message);
        return {std::move(*opened), model};
    }
    Process start(std::uint64_t copy_bytes = kMuch, std::size_t cache_bytes = 1U << 26U) {
        return start(database_, model_, copy_bytes, cache_bytes);
    }
    /// None for 0 bytes.
    std::optional<index::ShardCopy::Settings> copy(std::uint64_t bytes) {
        if (bytes == 0) return std::nullopt;
        return index::ShardCopy::Settings{
            .folder = folder(), .most_bytes = bytes, .executor = &executor(), .warn = [this](const auto& message) {
                const std::lock_guard lock(mutex_);
                warnings_.push_back(message);
            }};
    }
    fs::path folder() const { return folder_ / "fingerprint-cache"; }
    std::vector<fs::path> files() const {
        std::vector<fs::path> paths;
        for (const auto& entry : fs::directory_iterator(folder())) {
            if (entry.path().extension() == ".shards") paths.push_back(entry.path());
        }
        return paths;
    }
    std::uint64_t bytes() const {
        std::uint64_t total = 0;
        for (const fs::path& path : files()) total += fs::file_size(path);
        return total;
    }
    static std::uint64_t bytes_of_postings(const PostgresTestIndex& database) {
        return std::stoull(PostgresServer::psql(database.url(), "SELECT sum(length(value)) FROM fingerprint_postings"));
    }

    TempFolder folder_;
    PostgresTestIndex database_;
    FingerprintModel model_;
    std::mutex mutex_;
    std::vector<std::string> warnings_;
};

TEST_F(FingerprintIndexPostgresCopy, ALaterProcessReadsNoPostingsFromTheServer) {
    start().add(0, 30);
    EXPECT_EQ(start().search(), 2U) << "the first one does";
    auto later = start();
    EXPECT_EQ(later.search(), 1U);
    EXPECT_EQ(later.index->copied_bytes(), bytes_of_postings(database_));
    EXPECT_LT(later.index->cached_bytes(), bytes_of_postings(database_)) << "peaks alone";
    EXPECT_EQ(start(kMuch, 0).search(), 1U) << "one that keeps nothing in memory";
    EXPECT_EQ(start(0).search(), 2U) << "one that may not copy anything";
    EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(FingerprintIndexPostgresCopy, AProcessThatIsSmallerThanTheIndexReadsItOnce) {
    start().add(0, 30);
    static_cast<void>(start(kMuch, 0).search());
    auto small = start(kMuch, 0);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(small.search(), 1U);
}

TEST_F(FingerprintIndexPostgresCopy, FollowsTheIndex) {
    auto running = start();
    running.add(0, 30);
    const std::uint64_t before = bytes_of_postings(database_);
    for (std::uint32_t first = 30; first < 150; first += 10) {
        running.add(first, 10);  // merges too
        EXPECT_LE(start().search(), 2U);
        EXPECT_EQ(start().search(), 1U) << "that one has saved what was new";
    }
    ASSERT_TRUE(running.index->writer().compact({}));
    static_cast<void>(start().search());
    EXPECT_EQ(start().search(), 1U);
    EXPECT_GT(bytes(), 3 * before);
    EXPECT_LT(bytes(), 2 * bytes_of_postings(database_)) << "what was merged away is gone";
    EXPECT_EQ(running.search(), 1U) << "it takes the merged shards from the copy";
}

TEST_F(FingerprintIndexPostgresCopy, ATornCopyIsNotBelieved) {
    start().add(0, 30);
    static_cast<void>(start().search());
    const std::vector<std::function<void(const fs::path&)>> ways = {
        [](const fs::path& path) { fs::resize_file(path, fs::file_size(path) / 2); },
        [](const fs::path& path) {
            const auto size = fs::file_size(path);
            fs::resize_file(path, size / 2);
            fs::resize_file(path, size);
        },
        [](const fs::path& path) {
            std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(-1000, std::ios::end);
            file.put('\x7f');
        },
        [](const fs::path& path) { std::ofstream(path) << "something else"; },
    };
    for (const auto& way : ways) {
        ASSERT_EQ(files().size(), 1U);
        way(files().front());
        EXPECT_EQ(start().search(), 2U);
        EXPECT_EQ(start().search(), 1U) << "it was written again";
    }
}

TEST_F(FingerprintIndexPostgresCopy, KeepsToItsBound) {
    start().add(0, 30);
    const std::uint64_t most = bytes_of_postings(database_) / 3;
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(start(most).search(), 2U);
        EXPECT_LE(bytes(), most);
        EXPECT_GT(bytes(), most / 2);
    }
    auto process = start(most);
    static_cast<void>(process.search());
    EXPECT_EQ(process.search(), 1U) << "the others are in its memory";
}

TEST_F(FingerprintIndexPostgresCopy, AnotherDatabaseIsNotConfused) {
    PostgresTestIndex other;
    FingerprintModel other_model;
    start().add(0, 20);
    start(other, other_model).add(100, 20);
    // As copies of one database that went different ways.
    for (const auto& url : {database_.url(), other.url()})
        PostgresServer::psql(url, "UPDATE fingerprint_turn SET epoch = 1");
    for (int turn = 0; turn < 2; ++turn) {
        start().search();
        start(other, other_model).search();
    }
}

TEST_F(FingerprintIndexPostgresCopy, AnIndexMadeAnewIsNotConfused) {
    auto running = start();
    running.add(0, 20);
    const std::string epoch = PostgresServer::psql(database_.url(), "SELECT epoch FROM fingerprint_turn");
    running.search();
    ASSERT_TRUE(PostgresFingerprintIndex::erase(database_.url(), {}));
    model_.clear();
    start().add(50, 20);
    running.search();
    running.index.reset();
    EXPECT_LE(start().search(), 2U);
    EXPECT_EQ(start().search(), 1U);
    // As a database that went back to a backup, and then another way: the same numbers for other shards.
    ASSERT_TRUE(PostgresFingerprintIndex::erase(database_.url(), {}));
    PostgresServer::psql(database_.url(), "UPDATE fingerprint_turn SET epoch = " + epoch);
    model_.clear();
    start().add(100, 20);
    EXPECT_EQ(start().search(), 2U);
    EXPECT_EQ(start().search(), 1U);
}

TEST_F(FingerprintIndexPostgresCopy, WithoutAFolderThereIsNoCopyAndOneWarning) {
    std::ofstream(folder()) << "a file";
    auto process = start();
    for (std::uint32_t first = 0; first < 30; first += 10) {
        process.add(first, 10);
        process.search();
    }
    EXPECT_EQ(start(0).search(), 2U);
    process.index.reset();
    EXPECT_THAT(warnings_, ElementsAre(HasSubstr("cannot keep a copy of the fingerprint index in")));
}

TEST_F(FingerprintIndexPostgresCopy, ManyProcessesUseItWhileTheIndexChanges) {
    auto writer = start();
    writer.add(0, 10);
    std::vector<std::thread> threads;
    std::atomic<bool> ends = false;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            const index::Lookup all{0, fingerprint::kKeys - 1, 0};
            while (!ends) {
                FingerprintModel none;
                const auto process = start(database_, none, kMuch, 10000);
                for (int turn = 0; turn < 3; ++turn) {
                    const auto snapshot = process.index->reader().snapshot({});
                    ASSERT_TRUE(snapshot) << snapshot.error().message;
                    std::uint64_t postings = 0;
                    for (std::size_t s = 0; s < (*snapshot)->segments().size(); ++s) {
                        std::vector<std::uint32_t> offsets;
                        (*snapshot)->find(s, {&all, 1}, 0, offsets);
                        postings += offsets.size();
                    }
                    ASSERT_TRUE((*snapshot)->status());
                    EXPECT_GT(postings, 0U);
                }
            }
        });
    }
    for (std::uint32_t first = 10; first < 120; first += 10) writer.add(first, 10);
    EXPECT_TRUE(writer.index->writer().compact({}));
    ends = true;
    for (std::thread& thread : threads) thread.join();
    EXPECT_LE(start().search(), 2U);
    EXPECT_EQ(start().search(), 1U);
    EXPECT_THAT(warnings_, IsEmpty());
}

}  // namespace
}  // namespace audio_ident::test
