// A station whose monitor another service has taken meanwhile.
#include "monitor/station.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "catalog/timestamp_text.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "support/executor.hpp"
#include "support/fake_catalog.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::monitor {
namespace {

using catalog::MonitorStatus;
using catalog::PlayRow;
using std::chrono::hours;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

class StationTest : public testing::Test {
  protected:
    StationTest() {
        row_.source = (folder_ / "radio").string();
        EXPECT_EQ(::mkfifo(row_.source.c_str(), 0600), 0);
        EXPECT_TRUE(store_.add(row_, {}));
        EXPECT_TRUE(store_.claim("a", now_, now_ + seconds(20), {}));
    }
    PlayRow play(const std::string& title, seconds ended_ago) const {
        return {.id = Uuid::random(),
                .monitor = row_.id,
                .track = TrackId::random(),
                .title = title,
                .started_at = now_ - ended_ago - seconds(100),
                .ended_at = now_ - ended_ago,
                .confidence = 0.9};
    }
    void store(const std::string& keeper, std::vector<PlayRow> plays, std::vector<Uuid> removed = {}) {
        EXPECT_EQ(store_.store(row_.id, keeper, {std::move(plays), std::move(removed)}, {}), true);
    }
    void other_takes_over() {
        EXPECT_TRUE(store_.claim("b", now_ + hours(1), now_ + hours(2), {}));
        const catalog::MonitorNow now{.status = MonitorStatus::listening, .status_at = now_ + seconds(7)};
        EXPECT_EQ(store_.note(row_.id, "b", now, {}), true);
    }
    /// The station of the service "a".
    Station station() {
        return Station({catalog_, index_->reader(), *decoder_, test::executor(), streams_, curl::Addresses::only_public,
                        nullptr, nullptr, catalog::Deliver::final_plays, "a"},
                       store_.find(row_.id, {})->value(), std::make_shared<StationCounts>());
    }
    /// One that has begun to listen, while the play `open` is in its log.
    Station begun() {
        store("a", {open});
        auto one = station();
        one.step();
        return one;
    }
    std::vector<PlayRow> log() { return store_.plays({}, 0, 100, {})->plays; }
    MonitorStatus status() { return store_.find(row_.id, {})->value().now.status; }

    test::TempFolder folder_;
    std::unique_ptr<index::LmdbIndex> index_ =
        index::LmdbIndex::open(folder_ / "index", lmdb::Access::read_write, test::executor()).value();
    std::unique_ptr<audio::Decoder> decoder_ = audio::make_ffmpeg_decoder();
    curl::Streams streams_;
    Timestamp now_ = catalog::current_timestamp();
    test::FakeCatalog catalog_;
    catalog::MonitorStore& store_ = catalog_.monitors();
    catalog::MonitorRow row_{.id = Uuid::random(), .name = "One", .created_at = now_, .now = {.status_at = now_}};
    PlayRow open = play("Blue", seconds(20));
};

TEST_F(StationTest, MakesPlaysFinalWhenItStopsForGood) {
    auto one = begun();
    one.stop(Station::Stop::for_good);
    open.final = true;
    EXPECT_THAT(log(), ElementsAre(open));
    EXPECT_EQ(catalog_.deliveries().waiting({}), 1);
}

TEST_F(StationTest, LeavesTheLogToTheServiceThatTookOver) {
    auto one = begun();
    other_takes_over();
    open.ended_at += seconds(15);
    const auto next = play("Red", seconds(5));
    store("b", {open, next});
    one.stop(Station::Stop::for_good);
    EXPECT_THAT(log(), testing::UnorderedElementsAre(open, next)) << "the song goes on, and is there once";
    EXPECT_EQ(catalog_.deliveries().waiting({}), 0);
    EXPECT_EQ(status(), MonitorStatus::listening);
    EXPECT_THAT(store_.outages(row_.id, 9, {}).value(), IsEmpty());
}

TEST_F(StationTest, LeavesTheLogWhenAnotherHadItMeanwhile) {
    auto one = begun();
    other_takes_over();
    open.ended_at += seconds(15);
    store("b", {open});
    ASSERT_EQ(store_.claim("a", now_ + hours(3), now_ + hours(4), {})->taken.size(), 1U);
    one.stop(Station::Stop::lost);
    EXPECT_THAT(log(), ElementsAre(open));
    EXPECT_EQ(status(), MonitorStatus::listening);
    auto again = station();
    again.step();
    again.stop(Station::Stop::for_good);
    open.final = true;
    EXPECT_THAT(log(), ElementsAre(open)) << "the next station goes on from there";
}

}  // namespace
}  // namespace audio_ident::monitor
