#include <future>
#include <gmock/gmock.h>
#include <thread>

#include "backends.hpp"
#include "catalog/postgres_lock.hpp"

namespace audio_ident::test {
namespace {

using catalog::lock_postgres;
using catalog::SharedLock;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr auto kLong = std::chrono::seconds(60);

/// The lock of a library that several machines share. Needs no tables.
class PostgresLock : public testing::Test {
  protected:
    Result<std::unique_ptr<SharedLock>> lock(SharedLock::Place place, const Deadline& deadline = Deadline::after({})) {
        return lock_postgres(database_.place(), "audio-ident ingest /music", place, deadline);
    }

    PostgresDatabase database_;
};

TEST_F(PostgresLock, OneHasItAndTheOthersHearWho) {
    {
        const auto held = lock(SharedLock::Place::in_line);
        ASSERT_TRUE(held) << held.error().message;
        EXPECT_TRUE((*held)->check(Deadline::after(kLong)));
        for (const auto place : {SharedLock::Place::in_line, SharedLock::Place::behind}) {
            const auto refused = lock(place);
            ASSERT_FALSE(refused);
            EXPECT_EQ(refused.error().kind, ErrorKind::not_available);
            EXPECT_THAT(refused.error().message, AllOf(HasSubstr("is locked by pid "), HasSubstr("audio-ident ingest"),
                                                       Not(HasSubstr("secret"))));
        }
    }
    EXPECT_TRUE(lock(SharedLock::Place::behind)) << "it was given back";
    const PostgresDatabase other;
    const auto here = lock(SharedLock::Place::behind);
    EXPECT_TRUE(lock_postgres(other.place(), "another library", SharedLock::Place::behind, Deadline::after(kLong)));
}

TEST_F(PostgresLock, WhoWaitsInLineIsSeenAndIsNext) {
    auto held = lock(SharedLock::Place::behind);
    ASSERT_TRUE(held) << held.error().message;
    EXPECT_FALSE((*held)->is_wanted(Deadline::after(kLong)).value());
    auto next =
        std::async(std::launch::async, [&] { return lock(SharedLock::Place::in_line, Deadline::after(kLong)); });
    while (!(*held)->is_wanted(Deadline::after(kLong)).value()) std::this_thread::yield();
    held->reset();
    EXPECT_TRUE(next.get());
}

TEST_F(PostgresLock, WhoseConnectionBreaksHasLostIt) {
    const auto held = lock(SharedLock::Place::in_line);
    ASSERT_TRUE(held) << held.error().message;
    PostgresServer::end_connections(database_.place());
    const auto checked = (*held)->check(Deadline::after(kLong));
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().kind, ErrorKind::not_available);
    EXPECT_THAT(checked.error().message, HasSubstr("lost the lock"));
    EXPECT_TRUE(lock(SharedLock::Place::in_line, Deadline::after(kLong))) << "another one can have it";
    EXPECT_FALSE((*held)->check(Deadline::after(kLong))) << "it does not come back by itself";
}

TEST_F(PostgresLock, AStopEndsTheWait) {
    const auto held = lock(SharedLock::Place::in_line);
    std::stop_source stop;
    auto waiting = std::async(
        std::launch::async, [&] { return lock(SharedLock::Place::in_line, Deadline::after(kLong, stop.get_token())); });
    while (!(*held)->is_wanted(Deadline::after(kLong)).value()) std::this_thread::yield();
    stop.request_stop();
    const auto stopped = waiting.get();
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().kind, ErrorKind::timeout);
}

}  // namespace
}  // namespace audio_ident::test
