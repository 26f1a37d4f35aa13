#include <gmock/gmock.h>
#include <utility>

#include "backends.hpp"
#include "content.hpp"
#include "fingerprint/extractor.hpp"
#include "search/exact_lane.hpp"
#include "support/synth.hpp"

namespace audio_ident::test {
namespace {

using index::Map;
using index::Outcome;
using index::PostgresFingerprintIndex;
using testing::HasSubstr;

/// Behaviour that only PostgreSQL has.
class FingerprintIndexPostgres : public testing::Test {
  protected:
    std::unique_ptr<OpenIndex> open() {
        auto opened = database_.open();
        if (!opened) throw std::runtime_error(opened.error().message);
        return std::move(*opened);
    }
    std::unique_ptr<PostgresFingerprintIndex> open_index(std::size_t cache_bytes) {
        auto opened = PostgresFingerprintIndex::open({.url = database_.url(), .cache_bytes = cache_bytes},
                                                     PostgresFingerprintIndex::IfMissing::create, deadline_);
        if (!opened) throw std::runtime_error(opened.error().message);
        return std::move(*opened);
    }
    void cut_all_off() { PostgresServer::end_connections(database_.url()); }

    PostgresTestIndex database_;
    Deadline deadline_ = Deadline::after(std::chrono::seconds(120));
};

std::vector<index::TrackFingerprint> some_tracks(std::uint32_t first, std::uint32_t count, std::uint32_t frames) {
    std::vector<index::TrackFingerprint> tracks;
    for (std::uint32_t i = first; i < first + count; ++i)
        tracks.push_back({numbered_id(i), random_fingerprint(i, frames + i % 5 * 100)});
    return tracks;
}

TEST_F(FingerprintIndexPostgres, HoldsTheSameBytesAsLmdb) {
    const TempFolder folder;
    const auto write = [&](index::FingerprintIndexWriter& writer) {
        for (std::uint32_t i = 0; i < 14; ++i) ASSERT_TRUE(writer.add(some_tracks(3 * i, 3, 900), deadline_));
        const TrackId removed[] = {numbered_id(4), numbered_id(9), numbered_id(999)};
        ASSERT_TRUE(writer.remove(removed, deadline_));
        ASSERT_TRUE(writer.add(some_tracks(1, 1, 400), deadline_));
        ASSERT_TRUE(writer.compact(deadline_));
        ASSERT_TRUE(writer.add(some_tracks(60, 2, 300), deadline_));
    };
    {
        const auto lmdb = index::LmdbIndex::open(folder.path(), lmdb::Access::read_write, executor());
        ASSERT_TRUE(lmdb) << lmdb.error().message;
        write((*lmdb)->writer());
    }
    write(open()->writer());
    index::PostgresMapStore store(database_.url(), kName);
    const Content content = content_of(store);
    EXPECT_GT(content.size(), 200U);
    EXPECT_TRUE(content == content_of_lmdb(folder.path()));
}

TEST_F(FingerprintIndexPostgres, SnapshotsThatAreKeptForLongTakeNoConnectionFromSearches) {
    const auto index = open_index(1 << 20);
    std::vector<std::unique_ptr<index::FingerprintSnapshot>> kept;
    for (int i = 0; i < 40; ++i) {
        auto snapshot = index->reader().snapshot(Deadline());
        ASSERT_TRUE(snapshot) << snapshot.error().message;
        kept.push_back(std::move(*snapshot));
    }
    const auto search = index->reader().snapshot(deadline_);
    EXPECT_TRUE(search) << search.error().message;
}

Result<Outcome> write_something(index::MapTransaction& maps) {
    const auto byte = std::byte(1);
    maps.put(Map::numbers, {&byte, 1}, {&byte, 1});
    return Outcome::changed;
}

TEST_F(FingerprintIndexPostgres, AWriterWhoWasCutOffAndComesBackLateWritesNothing) {
    index::PostgresMapStore store(database_.url(), kName);
    const auto late = store.take_turn(deadline_);
    ASSERT_TRUE(late) << late.error().message;
    cut_all_off();
    const auto after = store.take_turn(deadline_);
    ASSERT_TRUE(after) << after.error().message;
    const auto refused = (*late)->write(deadline_, &write_something);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::not_available);
    EXPECT_THAT(refused.error().message, HasSubstr("another program took over"));
    EXPECT_TRUE(content_of(store).empty());
    EXPECT_TRUE((*after)->write(deadline_, &write_something));
}

TEST_F(FingerprintIndexPostgres, AWriterWhoWasCutOffGoesOnWhenNobodyTookOver) {
    index::PostgresMapStore store(database_.url(), kName);
    const auto turn = store.take_turn(deadline_);
    ASSERT_TRUE(turn) << turn.error().message;
    cut_all_off();
    EXPECT_TRUE((*turn)->write(deadline_, &write_something));
    EXPECT_EQ(content_of(store).size(), 1U);
}

TEST_F(FingerprintIndexPostgres, AWriterWaitsForItsTurnUntilItsDeadline) {
    index::PostgresMapStore store(database_.url(), kName);
    auto turn = store.take_turn(deadline_);
    ASSERT_TRUE(turn) << turn.error().message;
    const auto other = store.take_turn(Deadline::after(std::chrono::milliseconds(50)));
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().kind, ErrorKind::timeout);
    EXPECT_THAT(other.error().message, HasSubstr("another program was still writing"));
    turn->reset();
    EXPECT_TRUE(store.take_turn(deadline_));
}

TEST_F(FingerprintIndexPostgres, KeepsNoMoreShardsThanItMay) {
    FingerprintModel model;
    const auto add = [&](PostgresFingerprintIndex& index, std::uint32_t first) {
        const auto tracks = some_tracks(first, 3, 1000);
        ASSERT_TRUE(index.writer().add(tracks, deadline_));
        for (const auto& track : tracks) model.add(track.id, track.fingerprint);
    };
    for (const std::size_t cache_bytes : {0U, 20000U}) {
        const auto index = open_index(cache_bytes);
        add(*index, static_cast<std::uint32_t>(cache_bytes));
        for (std::uint64_t i = 0; i < 2; ++i) {
            const auto snapshot = index->reader().snapshot(deadline_);
            ASSERT_TRUE(snapshot) << snapshot.error().message;
            model.expect_same(**snapshot, i, 20);
        }
    }
}

TEST_F(FingerprintIndexPostgres, ShowsNothingOfTheIndexThatWasThereBefore) {
    const auto index = open_index(1U << 20);
    ASSERT_TRUE(index->writer().add(some_tracks(1, 4, 800), deadline_));
    FingerprintModel before;
    for (const auto& track : some_tracks(1, 4, 800)) before.add(track.id, track.fingerprint);
    const auto old = index->reader().snapshot(deadline_);
    ASSERT_TRUE(old) << old.error().message;
    before.expect_same(**old, 1);

    ASSERT_TRUE(PostgresFingerprintIndex::erase(database_.url(), deadline_));
    const auto none = index->reader().snapshot(deadline_);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().kind, ErrorKind::not_available);
    before.expect_same(**old, 2);

    // The same numbers of tracks and segments for other tracks, of another process.
    FingerprintModel after;
    {
        const auto other = open_index(0);
        ASSERT_TRUE(other->writer().add(some_tracks(11, 4, 700), deadline_));
        for (const auto& track : some_tracks(11, 4, 700)) after.add(track.id, track.fingerprint);
    }
    const auto now = index->reader().snapshot(deadline_);
    ASSERT_TRUE(now) << now.error().message;
    after.expect_same(**now, 3);
}

TEST_F(FingerprintIndexPostgres, SaysWhatToRunWithoutItsTables) {
    const auto opened =
        PostgresFingerprintIndex::open({.url = PostgresServer::shared().new_database(), .cache_bytes = 0},
                                       PostgresFingerprintIndex::IfMissing::create, deadline_);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, ErrorKind::unsupported);
    EXPECT_THAT(opened.error().message, HasSubstr("run `audio-ident db upgrade`"));
}

TEST_F(FingerprintIndexPostgres, NoticesDamage) {
    {
        const auto index = open_index(0);
        ASSERT_TRUE(index->writer().add(some_tracks(1, 2, 500), deadline_));
    }
    PostgresServer::psql(database_.url(), "UPDATE fingerprint_postings SET value = substr(value, 1, 100)");
    const auto index = open_index(0);
    const auto snapshot = index->reader().snapshot(deadline_);
    ASSERT_TRUE(snapshot) << snapshot.error().message;
    const index::Lookup all{0, fingerprint::kKeys - 1, 0};
    std::vector<std::uint32_t> offsets;
    (*snapshot)->find(0, {&all, 1}, 0, offsets);
    const auto status = (*snapshot)->status();
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().kind, ErrorKind::corrupt);
    EXPECT_THAT(status.error().message, HasSubstr("run `audio-ident rebuild-index`"));
}

TEST(FingerprintIndexPostgresOutage, IsOverAsSoonAsTheServerAnswers) {
    PostgresServer server;
    const std::string url = server.new_database();
    ASSERT_TRUE(catalog::open_postgres_migrator({.url = url}).value()->upgrade(Deadline()));
    const auto deadline = Deadline::after(std::chrono::seconds(120));
    const auto index = PostgresFingerprintIndex::open({.url = url, .cache_bytes = 0},
                                                      PostgresFingerprintIndex::IfMissing::create, deadline);
    ASSERT_TRUE(index) << index.error().message;
    const auto tracks = some_tracks(1, 3, 500);
    ASSERT_TRUE((*index)->writer().add(tracks, deadline));
    const auto running = (*index)->reader().snapshot(deadline);
    ASSERT_TRUE(running) << running.error().message;

    server.stop();
    const index::Lookup all{0, fingerprint::kKeys - 1, 0};
    std::vector<std::uint32_t> offsets;
    (*running)->find(0, {&all, 1}, 0, offsets);
    for (const auto& failed : {(*running)->status(), (*index)->writer().add(tracks, deadline),
                               Result<void>((*index)->reader().snapshot(deadline).map([](auto&&) {}))}) {
        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().kind, ErrorKind::not_available) << failed.error().message;
        EXPECT_THAT(failed.error().message, HasSubstr("cannot reach PostgreSQL"));
        EXPECT_THAT(failed.error().message, testing::Not(HasSubstr("secret")));
    }

    server.start();
    EXPECT_TRUE((*index)->writer().add(tracks, deadline));
    const auto again = (*index)->reader().snapshot(deadline);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ((*again)->stats().tracks, 3U);
}

/// Searches in the same library on LMDB and on PostgreSQL.
TEST_F(FingerprintIndexPostgres, ASearchGivesTheSameAnswerWithFewStatements) {
    std::vector<index::TrackFingerprint> tracks;
    fingerprint::Extractor extractor;
    for (std::uint32_t i = 0; i < 6; ++i) {
        extractor.consume(music(i, 40, fingerprint::kSampleRateHz).samples);
        tracks.push_back({numbered_id(i), extractor.finish()});
    }
    const TempFolder folder;
    const auto lmdb = index::LmdbIndex::open(folder.path(), lmdb::Access::read_write, executor());
    ASSERT_TRUE(lmdb) << lmdb.error().message;
    const auto postgres = open_index(1U << 26);
    ASSERT_TRUE((*lmdb)->writer().add(tracks, deadline_));
    ASSERT_TRUE(postgres->writer().add(tracks, deadline_));

    const search::ExactLane here((*lmdb)->reader(), executor());
    const search::ExactLane there(postgres->reader(), executor());
    const auto clip_of = [](std::uint64_t seed, double speed) {
        auto samples = music(seed, 12, fingerprint::kSampleRateHz).samples;
        std::vector<float> clip;
        for (double at = 5 * fingerprint::kSampleRateHz; at < 10 * fingerprint::kSampleRateHz; at += speed)
            clip.push_back(samples[static_cast<std::size_t>(at)]);
        return clip;
    };
    std::uint64_t statements = 0;
    // Of a track; played faster; of none, cold and warm; again.
    const std::vector clips = {clip_of(2, 1), clip_of(3, 1.04), clip_of(99, 1), clip_of(98, 1)};
    for (std::size_t turn = 0; turn < 2 * clips.size(); ++turn) {
        const auto& clip = clips[turn % clips.size()];
        const auto expected = here.examine(clip, {});
        const auto found = there.examine(clip, {});
        ASSERT_TRUE(expected && found);
        ASSERT_EQ(found->size(), expected->size());
        for (std::size_t i = 0; i < found->size(); ++i) {
            EXPECT_EQ((*found)[i].track, (*expected)[i].track);
            EXPECT_EQ((*found)[i].confidence, (*expected)[i].confidence);
            EXPECT_EQ((*found)[i].match.offset_frames, (*expected)[i].match.offset_frames);
            EXPECT_EQ((*found)[i].match.z, (*expected)[i].match.z);
        }
        const std::uint64_t made = postgres->statements() - std::exchange(statements, postgres->statements());
        EXPECT_GE(made, 1U);
        EXPECT_LE(made, turn < clips.size() ? 5U : 1U) << "what it has read once, it keeps";
    }
}

}  // namespace
}  // namespace audio_ident::test
