#include "util/file_lock.hpp"

#include <gtest/gtest.h>
#include <optional>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "support/temp_folder.hpp"

namespace audio_ident::util {
namespace {

using namespace std::chrono_literals;

TEST(FileLock, ASecondHolderIsRefusedAndToldWhoHoldsIt) {
    const test::TempFolder folder;
    const auto first = FileLock::acquire(folder / "lock", "audio-ident ingest /music", Deadline());
    ASSERT_TRUE(first) << first.error().message;

    const auto second = FileLock::acquire(folder / "lock", "another", Deadline::after(0s));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::not_available);
    EXPECT_NE(second.error().message.find("pid " + std::to_string(::getpid())), std::string::npos)
        << second.error().message;
    EXPECT_NE(second.error().message.find("audio-ident ingest /music"), std::string::npos) << second.error().message;
}

TEST(FileLock, IsFreeAgainAfterItsHolder) {
    const test::TempFolder folder;
    { ASSERT_TRUE(FileLock::acquire(folder / "lock", "a much longer purpose than the next", Deadline())); }
    const auto next = FileLock::acquire(folder / "lock", "b", Deadline::after(0s));
    ASSERT_TRUE(next) << next.error().message;

    // Nothing is left of the former holder's longer line.
    const auto refused = FileLock::acquire(folder / "lock", "c", Deadline::after(0s));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message.find("purpose"), std::string::npos) << refused.error().message;
}

TEST(FileLock, WaitsForItsTurn) {
    const test::TempFolder folder;
    std::optional<FileLock> first;
    {
        auto acquired = FileLock::acquire(folder / "lock", "first", Deadline());
        ASSERT_TRUE(acquired);
        first.emplace(std::move(*acquired));
    }
    std::jthread releaser([&first] {
        std::this_thread::sleep_for(100ms);
        first.reset();
    });
    const auto second = FileLock::acquire(folder / "lock", "second", Deadline::after(60s));
    EXPECT_TRUE(second) << second.error().message;
}

TEST(FileLock, IsFreeAfterItsHolderWasKilled) {
    const test::TempFolder folder;
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto held = FileLock::acquire(folder / "lock", "child", Deadline());
        const char answer = held ? 'y' : 'n';
        if (::write(ready[1], &answer, 1) == 1) ::pause();
        ::_exit(1);
    }
    char answer = '?';
    ASSERT_EQ(::read(ready[0], &answer, 1), 1);
    ASSERT_EQ(answer, 'y');
    EXPECT_FALSE(FileLock::acquire(folder / "lock", "parent", Deadline::after(0s)));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    EXPECT_TRUE(FileLock::acquire(folder / "lock", "parent", Deadline::after(0s)));
    ::close(ready[0]);
    ::close(ready[1]);
}

TEST(FileLock, SaysWhyTheFileCannotBeOpened) {
    const test::TempFolder folder;
    const auto lock = FileLock::acquire(folder / "missing" / "lock", "x", Deadline());
    ASSERT_FALSE(lock);
    EXPECT_EQ(lock.error().kind, ErrorKind::not_available);
    EXPECT_NE(lock.error().message.find("No such file"), std::string::npos) << lock.error().message;
}

TEST(FileLock, AStopEndsTheWaiting) {
    const test::TempFolder folder;
    const auto first = FileLock::acquire(folder / "lock", "first", Deadline());
    std::stop_source stop;
    stop.request_stop();
    const auto second = FileLock::acquire(folder / "lock", "second", Deadline::never(stop.get_token()));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::timeout);
}

}  // namespace
}  // namespace audio_ident::util
