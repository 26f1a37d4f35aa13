#include <chrono>
#include <thread>

#include "backends.hpp"
#include "support/child.hpp"

namespace audio_ident::test {
namespace {

class FingerprintIndexProcesses : public FingerprintIndexTest {};
INSTANTIATE_TEST_SUITE_P(All, FingerprintIndexProcesses, testing::ValuesIn(all_backends()),
                         testing::PrintToStringParamName());

fingerprint::Fingerprint track(std::uint32_t number) {
    return random_fingerprint(number, 200 + number % 7 * 100);
}

TEST_P(FingerprintIndexProcesses, EachSeesWhatAnotherCommitted) {
    Child other([&](const auto& say) {
        auto index = test_index_->open();
        if (!index) return say(index.error().message);
        for (std::uint32_t i = 0; i < 30; ++i) {
            const std::vector<index::TrackFingerprint> one = {{numbered_id(i), track(i)}};
            const auto added = (*index)->writer().add(one, Deadline());
            say(added ? std::to_string(i) : added.error().message);
        }
    });
    ASSERT_EQ(other.line(), "0");
    open();
    for (std::uint32_t i = 0; i < 30; ++i) {
        if (i > 0) {
            ASSERT_EQ(other.line(), std::to_string(i));
        }
        EXPECT_TRUE(*writer().contains(numbered_id(i), deadline_));
        EXPECT_GE(snapshot()->stats().tracks, i + 1);
        model_.add(numbered_id(i), track(i));
    }
    expect_model();
    // Now this process writes and another child reads.
    EXPECT_EQ(other.rest(), "");
    add(50, track(50));
    index_.reset();
    EXPECT_EQ(in_child([&]() -> std::string {
                  auto index = test_index_->open();
                  if (!index) return index.error().message;
                  const auto found = (*index)->writer().contains(numbered_id(50), Deadline());
                  return found && *found ? "found" : "not found";
              }),
              "found");
}

TEST_P(FingerprintIndexProcesses, TwoWriteOneAfterTheOther) {
    open();
    index_.reset();
    const auto write = [&](std::uint32_t first) {
        return [this, first](const auto& say) {
            auto index = test_index_->open();
            if (!index) return say(index.error().message);
            for (std::uint32_t i = first; i < first + 20; ++i) {
                const std::vector<index::TrackFingerprint> one = {{numbered_id(i), track(i)}};
                const auto added = (*index)->writer().add(one, Deadline());
                if (!added) return say(added.error().message);
            }
            const auto done = (*index)->writer().compact(Deadline());
            say(done ? "done" : done.error().message);
        };
    };
    Child a(write(0));
    Child b(write(100));
    EXPECT_EQ(a.rest(), "done");
    EXPECT_EQ(b.rest(), "done");
    for (std::uint32_t i = 0; i < 20; ++i) {
        model_.add(numbered_id(i), track(i));
        model_.add(numbered_id(100 + i), track(100 + i));
    }
    open();
    expect_model();
}

// The writes of a child, in order, until it is killed.
struct Write {
    enum class Kind { add, remove, compact } kind;
    std::uint32_t number;
};
Write nth_write(std::uint32_t n) {
    if (n % 9 == 8) return {Write::Kind::compact, 0};
    if (n % 5 == 4) return {Write::Kind::remove, n - 3};
    return {Write::Kind::add, n};
}

TEST_P(FingerprintIndexProcesses, AWriterKilledAtAnyMomentLosesNothing) {
    using Clock = std::chrono::steady_clock;
    Random random(1);
    Clock::duration write_time{};
    std::uint32_t next = 0;
    for (int round = 0; round < 20; ++round) {
        std::uint32_t done = next;
        {
            Child child([&](const auto& say) {
                auto index = test_index_->open();
                if (!index) return say(index.error().message);
                auto& writer = (*index)->writer();
                for (std::uint32_t n = next;; ++n) {
                    const Write write = nth_write(n);
                    const TrackId id = numbered_id(write.number);
                    const std::vector<index::TrackFingerprint> tracks = {{id, track(write.number)}};
                    bool fine = false;
                    if (write.kind == Write::Kind::add) fine = writer.add(tracks, Deadline()).has_value();
                    else if (write.kind == Write::Kind::remove) fine = writer.remove({&id, 1}, Deadline()).has_value();
                    else fine = writer.compact(Deadline()).has_value();
                    say(fine ? "ok" : "failed");
                }
            });
            // Kill the child after a few more writes, at a random point of the next one.
            auto before = Clock::now();
            for (int writes = random.below(9); writes > 0; --writes) {
                ASSERT_EQ(child.line(), "ok");
                ++done;
                write_time = Clock::now() - before;
                before = Clock::now();
            }
            std::this_thread::sleep_for(write_time * random.uniform());
            child.kill();
            for (std::string line = child.line(); !line.empty(); line = child.line()) {
                ASSERT_EQ(line, "ok");
                ++done;
            }
        }
        const auto apply = [&](std::uint32_t n) {
            const Write write = nth_write(n);
            if (write.kind == Write::Kind::add) model_.add(numbered_id(write.number), track(write.number));
            if (write.kind == Write::Kind::remove) model_.remove(numbered_id(write.number));
        };
        for (; next < done; ++next) apply(next);
        open();
        // The write in progress may have been committed before the child reported it.
        auto ids = writer().tracks(deadline_);
        ASSERT_TRUE(ids) << ids.error().message;
        std::sort(ids->begin(), ids->end());
        if (*ids != model_.ids()) apply(next++);
        expect_model(static_cast<std::uint64_t>(round), 20);
        if (round % 3 == 0) {
            compact();
            expect_model(static_cast<std::uint64_t>(round), 20);
        }
        index_.reset();
        if (HasFailure()) FAIL() << "round " << round << ", after write " << next;
    }
}

}  // namespace
}  // namespace audio_ident::test
