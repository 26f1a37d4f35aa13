#include "library/station_search.hpp"

#include <gtest/gtest.h>

#include "catalog/timestamp_text.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "monitor/rolling/chunk_maker.hpp"
#include "monitor/rolling/rolling_index.hpp"
#include "support/clip_decoder.hpp"
#include "support/executor.hpp"
#include "support/fake_monitors.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::library {
namespace {

using catalog::Timestamp;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kRate = fingerprint::kSampleRateHz;

test::Clip song(std::uint64_t seed, double length) {
    return test::mix_at_snr(test::music(seed, length, kRate), test::noise(seed, 5, kRate), 45);
}

/// Two stations that play the same song, one of them twice.
class Programme {
  public:
    Programme() {
        now_ = catalog::current_timestamp();
        for (auto* station : {&one, &two}) {
            station->id = Uuid::random();
            if (!monitors.add(*station, {})) throw std::runtime_error("a monitor was not added");
        }
        monitor::RollingIndex rolling({index->reader(), index->writer()}, {});
        play(rolling, one, song(1, 150), hours(3));
        play(rolling, one, song(2, 30), minutes(20));
        play(rolling, one, song(1, 150), minutes(10));
        play(rolling, two, song(1, 150), hours(2));
        play(rolling, two, song(3, 30), minutes(30));
    }

    StationMatches find(const test::Clip& clip, const IdentifyRequest& request = {}) {
        const test::ClipDecoder decoder(clip);
        const StationParts parts{decoder, monitors, &index->reader(), test::executor()};
        return find_stations(parts, audio::Source(), request).value();
    }
    Timestamp ago(std::chrono::microseconds time) const { return now_ - time; }

    catalog::MonitorRow one{.name = "One", .source = "https://example.org/one"};
    catalog::MonitorRow two{.name = "Two", .source = "https://example.org/two"};
    test::FakeMonitors monitors;
    test::TempFolder folder;
    std::unique_ptr<index::LmdbIndex> index =
        index::LmdbIndex::open(folder.path(), lmdb::Access::read_write, test::executor()).value();

  private:
    void play(monitor::RollingIndex& rolling, const catalog::MonitorRow& station, const test::Clip& sound,
              std::chrono::microseconds before) {
        monitor::ChunkMaker maker(
            [&](monitor::ChunkMaker::Chunk chunk) {
                rolling.put(station.id, chunk.begin, std::move(chunk.fingerprint));
            },
            [&](std::int64_t sample) { return ago(before) + std::chrono::microseconds(sample * 1'000'000 / kRate); });
        maker.consume(sound.samples);
        maker.finish();
    }

    Timestamp now_;
};

class StationSearchTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { programme = new Programme(); }
    static void TearDownTestSuite() { delete programme; }

    /// The clip's first sample is at `place` of a sound that began `before`.
    static void expect_played(const StationMatch& match, const catalog::MonitorRow& station,
                              std::chrono::microseconds before, double place) {
        EXPECT_EQ(match.station.id, station.id);
        const auto begin = programme->ago(before);
        EXPECT_NEAR(std::chrono::duration<double>(match.played_at - begin).count(), place, 0.05);
        EXPECT_GT(match.confidence, 0.9);
    }

    inline static Programme* programme = nullptr;
};

TEST_F(StationSearchTest, TellsWhichStationPlayedAClipAndWhen) {
    const auto found = programme->find(test::section(song(2, 30), 5, 6));
    ASSERT_EQ(found.matches.size(), 1U);
    expect_played(found.matches[0], programme->one, minutes(20), 5);
    const auto since_end = catalog::current_timestamp() - found.matches[0].played_at - seconds(6);
    EXPECT_NEAR(found.matches[0].seconds_behind, std::chrono::duration<double>(since_end).count(), 2);
}

TEST_F(StationSearchTest, TellsEachTimeThatItWasPlayedTheLatestFirst) {
    const auto found = programme->find(test::section(song(1, 150), 20, 8));
    ASSERT_EQ(found.matches.size(), 3U);
    expect_played(found.matches[0], programme->one, minutes(10), 20);
    expect_played(found.matches[1], programme->two, hours(2), 20);
    expect_played(found.matches[2], programme->one, hours(3), 20);
    EXPECT_EQ(programme->find(test::section(song(1, 150), 20, 8), {.max_results = 1}).matches.size(), 1U);
}

TEST_F(StationSearchTest, FindsAClipThatLiesAcrossTheBorderOfTwoChunks) {
    const auto found = programme->find(test::section(song(1, 150), 66, 10), {.max_results = 1});
    ASSERT_EQ(found.matches.size(), 1U);
    expect_played(found.matches[0], programme->one, minutes(10), 66);
}

TEST_F(StationSearchTest, ALongClipIsFoundByItsEnd) {
    auto clip = song(9, 60);  // an unknown beginning, longer than what is looked at
    const auto end = test::section(song(1, 150), 30, 25);
    clip.samples.insert(clip.samples.end(), end.samples.begin(), end.samples.end());
    const auto found = programme->find(clip, {.max_results = 1});
    ASSERT_EQ(found.matches.size(), 1U);
    expect_played(found.matches[0], programme->one, minutes(10), 30 - 60);
}

TEST_F(StationSearchTest, FindsNothingForWhatNoStationPlayed) {
    EXPECT_TRUE(programme->find(test::section(song(77, 30), 5, 10)).matches.empty());
    EXPECT_TRUE(programme->find(test::noise(5, 6, kRate)).matches.empty());
}

TEST_F(StationSearchTest, NoStationWasEverHeard) {
    const test::ClipDecoder decoder(song(1, 10));
    const StationParts parts{decoder, programme->monitors, nullptr, test::executor()};
    EXPECT_TRUE(find_stations(parts, audio::Source(), {}).value().matches.empty());
    const test::ClipDecoder brief(song(1, 2));
    const auto refused = find_stations({brief, programme->monitors, nullptr, test::executor()}, audio::Source(), {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::audio_too_short);
}

TEST_F(StationSearchTest, AStationThatWasRemovedIsNotNamed) {
    Programme other;
    ASSERT_TRUE(other.monitors.remove(other.one.id, {}).value());
    const auto found = other.find(test::section(song(1, 150), 20, 8));
    ASSERT_EQ(found.matches.size(), 1U);
    EXPECT_EQ(found.matches[0].station.id, other.two.id);
}

}  // namespace
}  // namespace audio_ident::library
