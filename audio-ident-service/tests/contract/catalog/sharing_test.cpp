#include <algorithm>
#include <atomic>
#include <csignal>
#include <gmock/gmock.h>
#include <set>
#include <thread>

#include "backends.hpp"
#include "child_program.hpp"
#include "support/tracks.hpp"

namespace audio_ident::test {
namespace {

using catalog::Track;
using catalog::TrackState;

/// Several instances, threads and programs use one database.
class CatalogSharing : public CatalogTest {
  protected:
    ChildProgram child(const std::string& command, int first = 0, int count = 0) {
        return ChildProgram({database_->place(), command, std::to_string(first), std::to_string(count)});
    }
    std::int64_t count() { return catalog_->count(std::nullopt, deadline_).value(); }
};
INSTANTIATE_TEST_SUITE_P(All, CatalogSharing, testing::ValuesIn(shared_backends()), testing::PrintToStringParamName());

TEST_P(CatalogSharing, ChangesAreSeenThroughEveryInstance) {
    const auto other = open();
    const auto before = other->generation(deadline_).value();
    add(make_track(1));
    EXPECT_GT(other->generation(deadline_).value(), before);
    EXPECT_TRUE(other->find(make_track(1).id, deadline_).value());
    EXPECT_EQ(other->remove(make_track(1).id, deadline_), true);
    EXPECT_FALSE(catalog_->find(make_track(1).id, deadline_).value());
}

TEST_P(CatalogSharing, GenerationGrowsWithTheChangesOfAnotherProgram) {
    const auto before = catalog_->generation(deadline_).value();
    auto program = child("insert", 1, 1);
    EXPECT_EQ(program.wait(), 0);
    EXPECT_GT(catalog_->generation(deadline_).value(), before);
    EXPECT_EQ(count(), 1);
}

TEST_P(CatalogSharing, GenerationGrowsAcrossAReset) {
    for (int i = 1; i <= 20; ++i) add(make_track(i));
    const auto before = catalog_->generation(deadline_).value();
    ASSERT_TRUE(database_->migrator()->reset(deadline_));
    EXPECT_GT(catalog_->generation(deadline_).value(), before);
    EXPECT_EQ(count(), 0);
    add(make_track(1));
}

TEST_P(CatalogSharing, ThreadsAndProgramsWriteAtOnceAndNothingIsLost) {
    constexpr int kEach = 40;
    auto first = child("insert", 1000, kEach);
    auto second = child("insert", 2000, kEach);
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    for (int worker = 0; worker < 6; ++worker) {
        threads.emplace_back([&, worker] {
            for (int i = 0; i < kEach; ++i) {
                const Track track = make_track(10'000 + worker * kEach + i);
                if (!catalog_->insert(track, deadline_)) ++failures;
                if (!catalog_->find(track.id, deadline_).value()) ++failures;
                if (!catalog_->list({.search = "title", .limit = 3}, deadline_)) ++failures;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(failures, 0);
    EXPECT_THAT(first.lines(), testing::SizeIs(1 + 2 * kEach));
    EXPECT_THAT(second.lines(), testing::SizeIs(1 + 2 * kEach));
    EXPECT_EQ(first.wait(), 0);
    EXPECT_EQ(second.wait(), 0);
    EXPECT_EQ(count(), 8 * kEach);
    EXPECT_EQ(catalog_->count(TrackState::ready, deadline_), 2 * kEach);
}

TEST_P(CatalogSharing, OneOfManyThatAddTheSameContentWins) {
    std::atomic<int> added = 0;
    std::atomic<int> refused = 0;
    std::vector<std::thread> threads;
    for (int worker = 0; worker < 8; ++worker) {
        threads.emplace_back([&, worker] {
            Track track = make_track(worker + 1);
            track.file_hash_sha256 = make_track(99).file_hash_sha256;
            const auto result = catalog_->insert(track, deadline_);
            if (result) ++added;
            else if (result.error().kind == ErrorKind::invalid_input) ++refused;
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(added, 1);
    EXPECT_EQ(refused, 7);
}

TEST_P(CatalogSharing, KilledProgramLosesNoCommittedChange) {
    int first = 1;
    for (int round = 0; round < 8; ++round) {
        const int connections = database_->connections();
        auto program = child("insert", first, 100'000);
        std::set<std::string> done;
        program.line();  // Skip the line with the count.
        for (int lines = 5 + round * 3; lines > 0; --lines) done.insert(program.line());
        program.kill();
        for (const std::string& line : program.lines()) done.insert(line);
        EXPECT_EQ(program.wait(), 128 + SIGKILL);
        while (database_->connections() > connections) std::this_thread::yield();  // The server may still store.

        for (const std::string& line : done) {
            const int number = std::stoi(line.substr(line.find(' ')));
            const auto row = catalog_->find(make_track(number).id, deadline_);
            ASSERT_TRUE(row) << row.error().message;
            ASSERT_TRUE(*row) << line;
            if (line.starts_with("ready")) {
                EXPECT_EQ((*row)->state, TrackState::ready) << line;
            }
            first = std::max(first, number + 1);
        }
        // The write in progress when the child died is stored completely or not at all.
        if (catalog_->find(make_track(first).id, deadline_).value()) ++first;
        EXPECT_EQ(count(), first - 1);
    }
}

TEST_P(CatalogSharing, LockHeldByAnotherProgramEndsAWriteAtItsDeadline) {
    add(make_track(1));
    auto program = child("lock");
    ASSERT_EQ(program.line(), "locked");

    const auto refused = catalog_->insert(make_track(2), Deadline::after(std::chrono::milliseconds(300)));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::not_available);
    EXPECT_THAT(refused.error().message, testing::HasSubstr("locked by another program"));
    EXPECT_EQ(count(), 1) << "reads go on";

    std::stop_source stop;
    std::thread stopper([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        stop.request_stop();
    });
    const auto stopped = catalog_->insert(make_track(2), Deadline::never(stop.get_token()));
    stopper.join();
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().kind, ErrorKind::timeout) << stopped.error().message;

    std::thread unlocker([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        program.close_input();
    });
    EXPECT_TRUE(catalog_->insert(make_track(2), deadline_)) << "waits until the lock is free";
    unlocker.join();
    EXPECT_EQ(count(), 2);
}

TEST_P(CatalogSharing, AListIsOneStateThroughWriters) {
    std::atomic<bool> done = false;
    std::thread writer([&] {
        for (int i = 1; i <= 60; ++i) EXPECT_TRUE(catalog_->insert(make_track(i), deadline_));
        done = true;
    });
    while (!done) {
        const auto page = catalog_->list({.limit = 1000}, deadline_);
        ASSERT_TRUE(page);
        EXPECT_EQ(page->total, static_cast<std::int64_t>(page->tracks.size()));
    }
    writer.join();
}

}  // namespace
}  // namespace audio_ident::test
