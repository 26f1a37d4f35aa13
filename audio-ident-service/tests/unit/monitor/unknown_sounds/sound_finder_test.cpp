// Unknown sounds that a station plays again, from sound to what is stored.
#include "monitor/unknown_sounds/sound_finder.hpp"

#include <gmock/gmock.h>

#include "support/synth.hpp"
#include "timeline/sound_log.hpp"

namespace audio_ident::test {
namespace {

using catalog::CountedSound;
using catalog::SoundPlayRow;
using monitor::find_sounds;
using monitor::FoundSounds;
using monitor::HeardHours;
using monitor::Timestamp;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kRate = fingerprint::kSampleRateHz;
constexpr double kNearly = 1.2;  // seconds

const Timestamp kBegin{std::chrono::sys_days(std::chrono::year(2026) / 11 / 29) + std::chrono::hours(9)};

Timestamp at(double seconds) {
    return kBegin + milliseconds(static_cast<std::int64_t>(seconds * 1000));
}
double seconds_of(Timestamp time) {
    return std::chrono::duration<double>(time - kBegin).count();
}

Clip song(std::uint64_t seed, double seconds) {
    return music(seed, seconds, kRate);
}

/// A station of the tests: what it plays, and what is found and stored of it.
class SoundFinder : public testing::Test {
  protected:
    /// The station plays this next.
    void play(const Clip& clip) {
        clips_.push_back(clip);
        end_ += clip.seconds();
    }
    /// The same, and the log knows it.
    void play_known(const Clip& clip, double unheard = 0, const TrackId& track = TrackId::random()) {
        hours_.plays.push_back({.track = track,
                                .started_at = at(end_ + unheard),
                                .ended_at = at(end_ + clip.seconds()),
                                .place_seconds = unheard,
                                .end_place_seconds = clip.seconds()});
        play(clip);
    }
    /// It cannot be heard for so long.
    void interrupt(double seconds) {
        if (!clips_.empty()) {
            const Clip clip = concatenate(clips_);
            timeline::SoundLog log;
            log.consume(clip.samples);
            hours_.pieces.push_back({at(end_ - clip.seconds()), log.finish()});
        }
        clips_.clear();
        end_ += seconds;
    }

    FoundSounds find() {
        interrupt(0);
        hours_.monitor = monitor_;
        auto found = find_sounds(hours_, {});
        store(found);
        return found;
    }
    /// As a catalog does.
    void store(const FoundSounds& found) {
        hours_.compared_until = found.compared_until;
        for (const auto& row : found.changes.put) {
            std::erase_if(hours_.known, [&](const auto& known) { return known.row.id == row.id; });
            hours_.known.push_back({row, 0});
        }
        const auto remove = [&](const Uuid& id) {
            std::erase_if(hours_.sounded, [&](const auto& play) { return play.id == id; });
        };
        for (const auto& id : found.changes.removed_plays) remove(id);
        for (const auto& play : found.changes.plays) {
            remove(play.id);
            hours_.sounded.push_back(play);
        }
        for (const auto& id : found.changes.removed)
            std::erase_if(hours_.known, [&](const auto& known) { return known.row.id == id; });
        for (auto& known : hours_.known)
            known.plays = std::ranges::count(hours_.sounded, known.row.id, &SoundPlayRow::sound);
    }
    /// When this sound begins, in order.
    std::vector<double> begins(std::int64_t number) const {
        std::vector<double> all;
        for (const auto& known : hours_.known) {
            if (known.row.number != number) continue;
            for (const auto& play : hours_.sounded) {
                if (play.sound == known.row.id) all.push_back(seconds_of(play.started_at));
            }
        }
        std::ranges::sort(all);
        return all;
    }
    static auto near(double seconds) { return testing::DoubleNear(seconds, kNearly); }

    HeardHours hours_;
    Uuid monitor_ = Uuid::random();
    std::vector<Clip> clips_;
    double end_ = 0;
};

TEST_F(SoundFinder, NamesWhatComesAgainBetweenPlays) {
    play(song(1, 8));
    play_known(song(60, 20));  // at 8
    play(song(2, 10));         // at 28
    play(song(1, 8));
    play_known(song(61, 20));  // at 46
    play(song(1, 8));          // at 66
    play_known(song(62, 20));
    play(song(3, 12));  // at 94
    find();
    ASSERT_EQ(hours_.known.size(), 1U);
    const auto& sound = hours_.known[0].row;
    EXPECT_EQ(sound.number, 1);
    EXPECT_EQ(sound.monitor, monitor_);
    EXPECT_NEAR(sound.seconds, 8, kNearly);
    EXPECT_NEAR(seconds_of(sound.first_heard_at), 0, kNearly);
    EXPECT_NEAR(seconds_of(sound.last_heard_at), 66, kNearly);
    EXPECT_THAT(begins(1), ElementsAre(near(0), near(38), near(66)));
}

TEST_F(SoundFinder, KeepsNumbersFromOneTimeToTheNext) {
    play(song(1, 8));
    play_known(song(60, 20));
    play(song(1, 8));  // at 28
    play_known(song(61, 20));
    find();
    const auto first = hours_.known.at(0).row.id;
    EXPECT_TRUE(find().changes.empty()) << "nothing new";

    play(song(2, 10));  // at 56
    play_known(song(62, 20));
    play(song(2, 10));  // at 86
    play_known(song(63, 20));
    play(song(1, 8));  // at 116
    play_known(song(64, 20));
    find();
    EXPECT_EQ(hours_.known.size(), 2U);
    EXPECT_THAT(begins(1), ElementsAre(near(0), near(28), near(116)));
    EXPECT_THAT(begins(2), ElementsAre(near(56), near(86)));
    EXPECT_NE(std::ranges::find(hours_.known, first, [](const auto& known) { return known.row.id; }),
              hours_.known.end());

    // The first hour is over: what is heard later is known by its later plays.
    hours_.pieces.erase(hours_.pieces.begin());
    play(song(1, 8));  // at 144
    find();
    EXPECT_EQ(hours_.known.size(), 2U);
    EXPECT_THAT(begins(1), ElementsAre(near(0), near(28), near(116), near(144)));
}

TEST_F(SoundFinder, TakesNothingThatIsAPlay) {
    play(song(1, 8));
    play_known(song(60, 20));
    play(song(1, 8));
    find();
    ASSERT_THAT(begins(1), ElementsAre(near(0), near(28)));
    play_known(song(61, 20));
    play_known(song(1, 8));               // It was added to the library meanwhile.
    const auto late = TrackId::random();  // The log notices this one late each time.
    play_known(song(62, 20), 9, late);
    play(song(63, 10));
    play_known(song(62, 20), 9, late);
    find();
    EXPECT_EQ(hours_.known.size(), 1U);
    EXPECT_EQ(begins(1).size(), 2U);
}

TEST_F(SoundFinder, WaitsUntilPlaysAreFinal) {
    play(song(1, 8));
    play_known(song(60, 20));
    play(song(1, 8));  // at 28
    play(song(2, 20));
    hours_.settled_until = at(32);
    find();
    EXPECT_THAT(hours_.known, IsEmpty()) << "the second play may not have ended";
    hours_.settled_until = at(56);
    find();
    EXPECT_THAT(begins(1), ElementsAre(near(0), near(28)));
    EXPECT_NEAR(hours_.known.at(0).row.seconds, 8, kNearly);
}

TEST_F(SoundFinder, DoesNotCountWhatAServerSendsAgain) {
    play(song(1, 30));
    interrupt(2);
    end_ -= 15;
    play(section(song(1, 60), 17, 43));
    find();
    EXPECT_THAT(hours_.known, IsEmpty());
    interrupt(-14);  // The clock is not exact.
    play(section(song(1, 90), 45, 40));
    find();
    EXPECT_THAT(hours_.known, IsEmpty());
}

TEST_F(SoundFinder, FindsAgainAfterAnInterruption) {
    play(song(1, 12));
    interrupt(400);
    play(song(1, 12));
    find();
    EXPECT_THAT(begins(1), ElementsAre(near(0), near(412)));
}

TEST_F(SoundFinder, AWholeSoundTakesTheNumberOfItsBestPart) {
    play(song(1, 8));
    play_known(song(60, 20));
    play(song(1, 8));  // at 28
    find();
    const auto id = hours_.known.at(0).row.id;
    // A part of it had been found as another sound, of which nothing is left now.
    const auto part = Uuid::random();
    hours_.known.push_back({{part, monitor_, 2, at(4), at(32), 3, {}}, 2});
    hours_.sounded.push_back({Uuid::random(), part, at(4), at(7)});
    hours_.sounded.push_back({Uuid::random(), part, at(32), at(35)});
    play_known(song(61, 20));
    play(song(1, 8));  // at 56
    find();
    ASSERT_EQ(hours_.known.size(), 1U);
    EXPECT_EQ(hours_.known[0].row.id, id);
    EXPECT_THAT(begins(1), ElementsAre(near(0), near(28), near(56)));
}

TEST_F(SoundFinder, NothingHasNoSounds) {
    EXPECT_TRUE(find_sounds({}, {}).changes.empty());
}

TEST_F(SoundFinder, StopsAtOnce) {
    play(song(1, 8));
    play_known(song(60, 20));
    play(song(1, 8));
    interrupt(0);
    hours_.compared_until = at(3);
    std::stop_source stop;
    stop.request_stop();
    const auto found = find_sounds(hours_, stop.get_token());
    EXPECT_TRUE(found.changes.empty());
    EXPECT_EQ(found.compared_until, at(3));
}

}  // namespace
}  // namespace audio_ident::test
