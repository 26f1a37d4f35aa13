#include <gmock/gmock.h>
#include <string>

#include "backends.hpp"

namespace audio_ident::test {
namespace {

using catalog::MonitorRow;
using catalog::MonitorStatus;
using catalog::OutageRow;
using catalog::PlayRow;
using catalog::TotalsBy;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

class CatalogMonitors : public CatalogTest {
  protected:
    MonitorRow monitor(const std::string& name) const {
        return {.id = Uuid::random(),
                .name = name,
                .source = "https://example.org/" + name,
                .created_at = now_,
                .now = {.status_at = now_}};
    }
    MonitorRow added(const std::string& name) {
        const auto row = monitor(name);
        const auto done = store_.add(row, deadline_);
        EXPECT_TRUE(done) << done.error().message;
        claim("a", 0);
        return row;
    }
    PlayRow play(const MonitorRow& of, int begin, const std::string& title, const TrackId& track) const {
        return {.id = Uuid::random(),
                .monitor = of.id,
                .track = track,
                .title = title,
                .artist = "Band of " + title,
                .started_at = now_ + seconds(begin),
                .ended_at = now_ + seconds(begin + 100),
                .confidence = 0.9,
                .final = true};
    }
    /// Until 20 s later.
    catalog::KeptMonitors claim(const std::string& keeper, int at) {
        return store_.claim(keeper, now_ + seconds(at), now_ + seconds(at + 20), deadline_).value();
    }
    void put(const MonitorRow& of, std::vector<PlayRow> plays) {
        EXPECT_EQ(store_.store(of.id, "a", {std::move(plays), {}}, deadline_), true);
    }
    std::vector<std::string> names(const std::vector<MonitorRow>& rows) const {
        std::vector<std::string> all;
        for (const auto& row : rows) all.push_back(row.name);
        return all;
    }
    std::vector<std::string> titles(const catalog::PlayFilter& filter, std::int64_t offset = 0,
                                    std::int64_t limit = 100) {
        std::vector<std::string> all;
        const auto page = store_.plays(filter, offset, limit, deadline_).value();
        for (const auto& one : page.plays) all.push_back(one.title);
        return all;
    }

    std::vector<PlayRow> all_plays() {
        auto page = store_.plays({}, 0, 100, deadline_).value();
        return std::move(page.plays);
    }

    catalog::MonitorStore& store_ = catalog_->monitors();
};
INSTANTIATE_TEST_SUITE_P(All, CatalogMonitors, testing::ValuesIn(all_backends()), testing::PrintToStringParamName());

TEST_P(CatalogMonitors, KeepsAMonitorAndWhatIsSaidAboutIt) {
    auto row = monitor("Rádio 'One' 🎧");
    row.min_confidence = 0.1 + 0.2;
    row.paused = true;
    ASSERT_TRUE(store_.add(row, deadline_));
    row.now = {.status = MonitorStatus::failing,
               .detail = "sends text/html, not audio",
               .status_at = now_ + seconds(1),
               .heard_at = now_ + seconds(2),
               .hint = "Band - Song"};
    ASSERT_TRUE(store_.claim("a", now_, now_ + seconds(20), deadline_));
    EXPECT_EQ(store_.note(row.id, "a", row.now, deadline_), true);
    auto found = **store_.find(row.id, deadline_);
    EXPECT_EQ(std::tie(found.name, found.source, found.min_confidence, found.paused, found.created_at),
              std::tie(row.name, row.source, row.min_confidence, row.paused, row.created_at));
    EXPECT_EQ(std::tie(found.now.status, found.now.detail, found.now.status_at, found.now.heard_at, found.now.hint),
              std::tie(row.now.status, row.now.detail, row.now.status_at, row.now.heard_at, row.now.hint));

    row.name = "Two";
    row.paused = false;
    EXPECT_EQ(store_.change(row, deadline_), true);
    found = **store_.find(row.id, deadline_);
    EXPECT_EQ(found.name, "Two");
    EXPECT_FALSE(found.paused);
    EXPECT_EQ(found.now.status, MonitorStatus::waiting) << "it begins again";
    EXPECT_EQ(found.now.detail, std::nullopt);
    EXPECT_EQ(found.now.heard_at, row.now.heard_at);
}

TEST_P(CatalogMonitors, RefusesASecondOneOfTheSameName) {
    const auto one = added("One");
    auto two = added("Two");
    EXPECT_EQ(store_.add(monitor("One"), deadline_).error().kind, ErrorKind::invalid_input);
    two.name = "One";
    EXPECT_EQ(store_.change(two, deadline_).error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(store_.add(monitor(""), deadline_).error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(store_.change(monitor("Three"), deadline_), false);
    EXPECT_THAT(names(store_.list(deadline_).value()), ElementsAre("One", "Two"));
}

TEST_P(CatalogMonitors, AreKeptByOneServiceAtATime) {
    const auto one = monitor("One");
    const auto two = monitor("Two");
    ASSERT_TRUE(store_.add(one, deadline_));
    auto has = claim("a", 0);
    EXPECT_THAT(names(has.rows), ElementsAre("One"));
    EXPECT_THAT(has.taken, ElementsAre(one.id));
    ASSERT_TRUE(store_.add(two, deadline_));
    EXPECT_THAT(names(claim("b", 5).rows), ElementsAre("Two"));
    has = claim("a", 10);
    EXPECT_THAT(names(has.rows), ElementsAre("One"));
    EXPECT_THAT(has.taken, IsEmpty());
    has = claim("b", 40);
    EXPECT_THAT(names(has.rows), ElementsAre("One", "Two")) << "a is gone";
    EXPECT_THAT(has.taken, ElementsAre(one.id)) << "nobody had the other one meanwhile";
    EXPECT_THAT(names(claim("a", 50).rows), IsEmpty());
    EXPECT_EQ(claim("a", 70).taken.size(), 2U) << "it had one of them before, but not all the time";
}

TEST_P(CatalogMonitors, OnlyTheServiceThatKeepsItWritesForIt) {
    const auto station = added("One");
    auto open = play(station, 0, "Blue", TrackId::random());
    open.final = false;
    put(station, {open});
    EXPECT_THAT(claim("b", 21).taken, ElementsAre(station.id));
    EXPECT_EQ(store_.note(station.id, "b", {.status = MonitorStatus::listening, .status_at = now_}, deadline_), true);

    auto ended = open;
    ended.ended_at += seconds(100);
    ended.final = true;
    const catalog::PlayChanges changes{.put = {ended, play(station, 300, "Red", TrackId::random())},
                                       .removed = {},
                                       .deliver = catalog::Deliver::final_plays,
                                       .now = catalog::MonitorNow{.status = MonitorStatus::ended, .status_at = now_}};
    EXPECT_EQ(store_.store(station.id, "a", changes, deadline_), false);
    EXPECT_EQ(store_.store(station.id, "a", {{}, {open.id}}, deadline_), false);
    EXPECT_EQ(store_.note(station.id, "a", {.status = MonitorStatus::failing, .status_at = now_}, deadline_), false);
    EXPECT_EQ(store_.put_outage({Uuid::random(), station.id, now_, {}, "x"}, "a", deadline_), false);
    EXPECT_EQ(store_.store_sounds(station.id, "a", {{{Uuid::random(), station.id, 1, now_, now_, 3, {}}}, {}, {}, {}},
                                  deadline_),
              false);
    EXPECT_THAT(all_plays(), ElementsAre(open));
    EXPECT_EQ(catalog_->deliveries().waiting(deadline_), 0);
    EXPECT_EQ(store_.find(station.id, deadline_)->value().now.status, MonitorStatus::listening);
    EXPECT_THAT(store_.outages(station.id, 10, deadline_).value(), IsEmpty());
    EXPECT_EQ(store_.sounds(station.id, 0, 10, deadline_)->total, 0);
}

TEST_P(CatalogMonitors, AServiceWritesOnWhenItIsLateAndNobodyTookOver) {
    const auto station = added("One");
    claim("b", -1000);
    put(station, {play(station, 5000, "Blue", TrackId::random())});
    EXPECT_THAT(titles({}), ElementsAre("Blue"));
}

TEST_P(CatalogMonitors, KeepsAPlayAndReplacesIt) {
    const auto station = added("One");
    auto one = play(station, 0, "Blue", TrackId::random());
    one.place_seconds = 1.0 / 3;
    one.end_place_seconds = 107;
    one.speed = 1.05;
    one.pitch = 0.95;
    one.gaps = {{now_ + seconds(3), now_ + seconds(4)}, {now_ + seconds(7), now_ + seconds(9)}};
    one.final = false;
    one.hint = "Band - Blue";
    put(station, {one});
    EXPECT_THAT(all_plays(), ElementsAre(one));
    one.ended_at += seconds(5);
    one.artist.reset();
    one.hint.reset();
    const auto other = play(station, 300, "Red", TrackId::random());
    put(station, {one, other});
    EXPECT_THAT(all_plays(), ElementsAre(other, one));
    EXPECT_EQ(store_.store(station.id, "a", {{}, {other.id}}, deadline_), true);
    EXPECT_THAT(all_plays(), ElementsAre(one));
    EXPECT_EQ(store_.store(Uuid::random(), "a", {{other}, {}}, deadline_), false);
}

TEST_P(CatalogMonitors, KeepsPlaysTogetherWithWhatIsSaid) {
    const auto station = added("One");
    const auto one = play(station, 0, "Blue", TrackId::random());
    const catalog::MonitorNow now{.status = MonitorStatus::ended, .status_at = now_ + seconds(9)};
    EXPECT_EQ(store_.store(station.id, "a", {.put = {one}, .removed = {}, .now = now}, deadline_), true);
    EXPECT_THAT(all_plays(), ElementsAre(one));
    const auto found = **store_.find(station.id, deadline_);
    EXPECT_EQ(std::tie(found.now.status, found.now.status_at), std::tie(now.status, now.status_at));
}

TEST_P(CatalogMonitors, ListsPlaysByWhatIsAskedFor) {
    const auto one = added("One");
    const auto two = added("Two");
    const auto blue = TrackId::random();
    const auto red = TrackId::random();
    put(one, {play(one, 0, "Blue", blue), play(one, 200, "Red", red), play(one, 400, "Blue again", blue)});
    put(two, {play(two, 300, "Elsewhere", blue)});
    EXPECT_THAT(titles({}), ElementsAre("Blue again", "Elsewhere", "Red", "Blue"));
    EXPECT_THAT(titles({.monitor = one.id}), ElementsAre("Blue again", "Red", "Blue"));
    EXPECT_THAT(titles({.monitor = one.id, .track = blue}), ElementsAre("Blue again", "Blue"));
    EXPECT_THAT(titles({.from = now_ + seconds(200), .to = now_ + seconds(400)}), ElementsAre("Elsewhere", "Red"));
    EXPECT_THAT(titles({}, 1, 2), ElementsAre("Elsewhere", "Red"));
    EXPECT_EQ(store_.plays({.monitor = one.id}, 5, 0, deadline_)->total, 3);
}

TEST_P(CatalogMonitors, CountsPlaysATrackAnArtistAndADay) {
    const auto one = added("One");
    const auto blue = TrackId::random();
    auto nameless = play(one, 0, "Hum", TrackId::random());
    nameless.artist.reset();
    constexpr int kDay = 86'400;
    put(one, {play(one, 0, "Blue", blue), play(one, 200, "Blue", blue), nameless,
              play(one, kDay, "Red", TrackId::random())});
    const auto of = [&](TotalsBy by) { return store_.totals({}, by, 10, deadline_).value(); };
    const auto tracks = of(TotalsBy::track);
    ASSERT_EQ(tracks.size(), 3U);
    EXPECT_EQ(tracks[0].track, blue);
    EXPECT_EQ(tracks[0].name, "Blue");
    EXPECT_EQ(tracks[0].artist, "Band of Blue");
    EXPECT_EQ(tracks[0].plays, 2);
    EXPECT_NEAR(tracks[0].seconds, 200, 0.01);
    const auto artists = of(TotalsBy::artist);
    ASSERT_EQ(artists.size(), 3U);
    EXPECT_EQ(artists[0].name, "Band of Blue");
    const auto days = of(TotalsBy::day);
    ASSERT_EQ(days.size(), 2U);
    EXPECT_GT(days[0].name, days[1].name);
    EXPECT_EQ(days[0].name.size(), 10U);
    EXPECT_EQ(days[1].plays, 3);
    EXPECT_EQ(store_.totals({}, TotalsBy::track, 1, deadline_)->size(), 1U);
}

TEST_P(CatalogMonitors, RemembersWhatMayStillChange) {
    const auto one = added("One");
    auto open = play(one, 0, "Open", TrackId::random());
    open.final = false;
    const auto old = play(one, 10, "Old", TrackId::random());
    const auto fresh = play(one, 500, "Fresh", TrackId::random());
    put(one, {fresh, old, open});
    EXPECT_THAT(store_.recent(one.id, now_ + seconds(550), deadline_).value(), ElementsAre(open, fresh));
}

TEST_P(CatalogMonitors, KeepsOutages) {
    const auto one = added("One");
    OutageRow outage{Uuid::random(), one.id, now_, {}, "the server answered 404"};
    EXPECT_EQ(store_.put_outage(outage, "a", deadline_), true);
    outage.ended_at = now_ + seconds(9);
    EXPECT_EQ(store_.put_outage(outage, "a", deadline_), true);
    const OutageRow later{Uuid::random(), one.id, now_ + seconds(20), {}, "no sound"};
    EXPECT_EQ(store_.put_outage(later, "a", deadline_), true);
    EXPECT_THAT(store_.outages(one.id, 10, deadline_).value(), ElementsAre(later, outage));
    EXPECT_EQ(store_.outages(one.id, 1, deadline_)->size(), 1U);
    EXPECT_EQ(store_.put_outage({Uuid::random(), Uuid::random(), now_, {}, "x"}, "a", deadline_), false);
}

TEST_P(CatalogMonitors, ForgetWhatIsOld) {
    const auto one = added("One");
    auto open = play(one, 0, "Open", TrackId::random());
    open.final = false;
    put(one, {open, play(one, 10, "Old", TrackId::random()), play(one, 500, "Fresh", TrackId::random())});
    ASSERT_TRUE(store_.put_outage({Uuid::random(), one.id, now_, now_ + seconds(1), "x"}, "a", deadline_));
    EXPECT_EQ(store_.forget(now_ + seconds(300), deadline_), 1);
    EXPECT_THAT(titles({}), ElementsAre("Fresh", "Open"));
    EXPECT_THAT(store_.outages(one.id, 10, deadline_).value(), IsEmpty());
}

TEST_P(CatalogMonitors, AreRemovedWithTheirPlays) {
    const auto one = added("One");
    const auto two = added("Two");
    put(one, {play(one, 0, "Blue", TrackId::random())});
    put(two, {play(two, 0, "Red", TrackId::random())});
    ASSERT_TRUE(store_.put_outage({Uuid::random(), one.id, now_, {}, "x"}, "a", deadline_));
    EXPECT_EQ(store_.remove(one.id, deadline_), true);
    EXPECT_EQ(store_.remove(one.id, deadline_), false);
    EXPECT_THAT(titles({}), ElementsAre("Red"));
    EXPECT_THAT(store_.outages(one.id, 10, deadline_).value(), IsEmpty());
    EXPECT_FALSE(store_.find(one.id, deadline_)->has_value());
}

}  // namespace
}  // namespace audio_ident::test
