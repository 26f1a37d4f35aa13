#include "catalog/copy.hpp"

#include <gmock/gmock.h>

#include "backends.hpp"
#include "support/tracks.hpp"

namespace audio_ident::test {
namespace {

using catalog::copy_catalog;
using catalog::SqlCatalog;
using catalog::Track;

/// Copies a catalog of one kind to a catalog of the other kind.
class PostgresCopy : public testing::TestWithParam<bool> {
  protected:
    static std::unique_ptr<TestDatabase> make(bool postgres) { return shared_backends().at(postgres ? 1 : 0).create(); }
    std::unique_ptr<SqlCatalog> open(TestDatabase& database) {
        return SqlCatalog::open(
                   database.backend(), catalog::SchemaPolicy::upgrade, [this] { return now_; }, deadline_)
            .value();
    }
    std::vector<Track> tracks(TestDatabase& database) {
        return open(database)->list({.limit = 10'000}, deadline_).value().tracks;
    }

    std::unique_ptr<TestDatabase> from_ = make(GetParam());
    std::unique_ptr<TestDatabase> to_ = make(!GetParam());
    catalog::Timestamp now_{std::chrono::sys_days(std::chrono::year(2026) / 2 / 14) + std::chrono::microseconds(7)};
    Deadline deadline_ = Deadline::after(std::chrono::seconds(60));
};
INSTANTIATE_TEST_SUITE_P(All, PostgresCopy, testing::Bool(),
                         [](const auto& from) { return from.param ? "ToSqlite" : "FromSqlite"; });

TEST_P(PostgresCopy, KeepsIdsTimesAndStates) {
    constexpr int kTracks = 1203;  // More than two batches.
    {
        const auto source = open(*from_);
        std::vector<Track> all;
        for (int i = 1; i <= kTracks; ++i) {
            all.push_back(make_track(i));
            all.back().state = i % 3 == 0 ? catalog::TrackState::pending : catalog::TrackState::ready;
            if (i % 2 == 0) all.back().artist = "Sigur Rós';--";
        }
        ASSERT_TRUE(source->put(all, deadline_));
        now_ += std::chrono::hours(1);
        all.resize(100);
        ASSERT_TRUE(source->put(all, deadline_)) << "some were updated later";
    }
    now_ += std::chrono::hours(1);
    EXPECT_EQ(copy_catalog(from_->backend(), to_->backend(), deadline_), kTracks);

    const std::vector<Track> before = tracks(*from_);
    const std::vector<Track> after = tracks(*to_);
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
        EXPECT_EQ(after[i].id, before[i].id);
        EXPECT_EQ(after[i].artist, before[i].artist);
        EXPECT_EQ(after[i].file_path, before[i].file_path);
        EXPECT_EQ(after[i].state, before[i].state);
        EXPECT_EQ(after[i].ingested_at, before[i].ingested_at);
        EXPECT_EQ(after[i].updated_at, before[i].updated_at);
    }
    EXPECT_EQ(open(*to_)->list({.search = "SIGUR RÓS"}, deadline_).value().total, kTracks / 2) << "it can be searched";
}

TEST_P(PostgresCopy, KeepsTimelinesAndTheirResults) {
    constexpr int kTimelines = 43;  // More than two batches.
    std::vector<Uuid> ids;
    {
        const auto source = open(*from_);
        for (int i = 0; i < kTimelines; ++i) {
            catalog::TimelineRow row{.id = Uuid::random(), .name = "set", .recording = "/a", .created_at = now_};
            ids.push_back(row.id);
            ASSERT_TRUE(source->timelines().add(row, deadline_));
            row.status = catalog::JobStatus::finished;
            if (i % 2 == 1) continue;
            ASSERT_TRUE(source->timelines().finish(row, "{}", deadline_));
        }
        ASSERT_TRUE(source->timelines().change(ids[0], {"{1}", 0}, 7, deadline_));
    }
    EXPECT_EQ(copy_catalog(from_->backend(), to_->backend(), deadline_), 0);
    const auto target = open(*to_);
    EXPECT_EQ(target->timelines().list(0, 1, deadline_)->total, kTimelines);
    const auto first = **target->timelines().result(ids[0], deadline_);
    EXPECT_EQ(first.text, "{1}");
    EXPECT_EQ(first.revision, 1);
    EXPECT_EQ(*target->timelines().result(ids[1], deadline_), std::nullopt);
    const auto again = copy_catalog(from_->backend(), to_->backend(), deadline_);
    EXPECT_EQ(again.error().kind, ErrorKind::invalid_input);
}

TEST_P(PostgresCopy, KeepsMonitorsWithAllThatTheyHeard) {
    constexpr int kPlays = 2003;  // More than two batches.
    const catalog::MonitorRow monitor{
        .id = Uuid::random(), .name = "One", .source = "/radio", .created_at = now_, .now = {.status_at = now_}};
    const catalog::OutageRow outage{Uuid::random(), monitor.id, now_, {}, "no data came"};
    const catalog::SoundRow sound{Uuid::random(), monitor.id, 7, now_, now_, 3.5, TrackId::random()};
    const catalog::SoundPlayRow sound_play{Uuid::random(), sound.id, now_, now_ + std::chrono::seconds(3)};
    catalog::PlayChanges plays;
    for (int i = 0; i < kPlays; ++i) {
        const auto at = now_ + std::chrono::seconds(i);
        plays.put.push_back({.id = Uuid::random(),
                             .monitor = monitor.id,
                             .track = TrackId::random(),
                             .title = "Song",
                             .started_at = at,
                             .ended_at = at,
                             .gaps = {{at, at}}});
    }
    {
        const auto source = open(*from_);
        auto& store = source->monitors();
        ASSERT_TRUE(store.add(monitor, deadline_));
        ASSERT_TRUE(store.claim("a", now_, now_, deadline_));
        ASSERT_EQ(store.store(monitor.id, "a", plays, deadline_), true);
        ASSERT_EQ(store.put_outage(outage, "a", deadline_), true);
        ASSERT_EQ(store.store_sounds(monitor.id, "a", {{sound}, {sound_play}, {}, {}}, deadline_), true);
        ASSERT_TRUE(store.keep_sound(sound.id, *sound.track, deadline_));
    }
    EXPECT_EQ(copy_catalog(from_->backend(), to_->backend(), deadline_), 0);
    const auto target = open(*to_);
    auto& store = target->monitors();
    EXPECT_EQ(store.list(deadline_)->at(0).name, "One");
    const auto page = store.plays({}, 0, 1, deadline_).value();
    EXPECT_EQ(page.total, kPlays);
    EXPECT_EQ(page.plays[0], plays.put.back());
    EXPECT_EQ(store.outages(monitor.id, 9, deadline_)->at(0), outage);
    EXPECT_EQ(store.find_sound(monitor.id, 7, deadline_)->value(), (catalog::CountedSound{sound, 1}));
    EXPECT_EQ(store.sound_plays(sound.id, 9, deadline_)->at(0), sound_play);
}

TEST_P(PostgresCopy, IsRefusedWhereTracksAre) {
    ASSERT_TRUE(open(*from_)->insert(make_track(1), deadline_));
    ASSERT_TRUE(open(*to_)->insert(make_track(2), deadline_));
    const auto refused = copy_catalog(from_->backend(), to_->backend(), deadline_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(refused.error().message, testing::HasSubstr("already has 1 tracks"));
    EXPECT_EQ(tracks(*to_).size(), 1U);
}

TEST_P(PostgresCopy, LeavesNothingWhenItFails) {
    const auto source = open(*from_);
    for (int i = 1; i <= 3; ++i) ASSERT_TRUE(source->insert(make_track(i), deadline_));
    const auto target = open(*to_);
    int batches = 0;
    const auto next = [&]() -> Result<std::vector<Track>> {
        if (++batches > 1) return fail(ErrorKind::not_available, "the source went away");
        return std::vector<Track>{make_track(1), make_track(2)};
    };
    const auto failed = target->fill({next, {}}, deadline_);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message, "the source went away");
    EXPECT_EQ(target->count(std::nullopt, deadline_), 0);
    EXPECT_EQ(copy_catalog(from_->backend(), to_->backend(), deadline_), 3);
}

}  // namespace
}  // namespace audio_ident::test
