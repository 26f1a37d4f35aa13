// The sound of stations in the last hours, from samples to pieces.
#include "monitor/rolling/rolling_index.hpp"

#include <atomic>
#include <gtest/gtest.h>

#include "catalog/timestamp_text.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "index/fingerprint/forwarding_writer.hpp"
#include "monitor/rolling/chunk_maker.hpp"
#include "support/executor.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::monitor {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr int kRate = fingerprint::kSampleRateHz;

class RollingIndexTest : public testing::Test {
  protected:
    /// Plays the sound to a station, in blocks of an odd size.
    static void play(ChunkMaker& station, std::span<const float> samples) {
        for (std::size_t at = 0; at < samples.size(); at += 7777)
            station.consume(samples.subspan(at, std::min<std::size_t>(7777, samples.size() - at)));
    }
    ChunkMaker::TimeOf time_from_begin() {
        return [this](std::int64_t sample) { return begin_ + std::chrono::microseconds(sample * 1'000'000 / kRate); };
    }
    /// Keeps what one station plays, in pieces that begin at these times, and closes the index.
    void keep(const Uuid& station, std::span<const float> samples, const std::vector<Timestamp>& begins) {
        RollingIndex rolling(stores(), {});
        ChunkMaker maker(
            [&](ChunkMaker::Chunk chunk) { rolling.put(station, chunk.begin, std::move(chunk.fingerprint)); },
            time_from_begin());
        for (const Timestamp begin : begins) {
            begin_ = begin;
            play(maker, samples);
            maker.finish();
        }
    }
    std::vector<HeardPiece> pieces(const Uuid& station, Timestamp since = {}) {
        RollingIndex rolling(stores(), {});
        return rolling.sound_of(station, since, {}).value();
    }
    RollingIndex::Stores stores() { return {index_->reader(), index_->writer()}; }

    test::TempFolder folder_;
    std::unique_ptr<index::LmdbIndex> index_ =
        index::LmdbIndex::open(folder_.path(), lmdb::Access::read_write, test::executor()).value();
    Uuid one_ = Uuid::random();
    Uuid two_ = Uuid::random();
    Timestamp now_ = catalog::current_timestamp();
    Timestamp begin_ = now_;  ///< of what is played
};

TEST_F(RollingIndexTest, ChunksJoinToTheSoundThatWasPlayed) {
    const auto sound = test::music(1, 200, kRate);
    keep(one_, sound.samples, {now_ - hours(1)});
    const auto found = pieces(one_);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].begin, now_ - hours(1));
    EXPECT_NEAR(double(found[0].sound.size()) * double(kBucketSamples) / kRate, 200, 1);
    EXPECT_TRUE(pieces(two_).empty());
    EXPECT_TRUE(pieces(one_, now_).empty());
}

TEST_F(RollingIndexTest, AnInterruptionBeginsAnotherPiece) {
    const auto sound = test::music(2, 90, kRate);
    keep(one_, sound.samples, {now_ - hours(1), now_ - hours(1) + seconds(120)});
    const auto found = pieces(one_);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[1].begin, now_ - hours(1) + seconds(120));
    EXPECT_NEAR(double(found[1].sound.size()) * double(kBucketSamples) / kRate, 90, 1);
}

TEST_F(RollingIndexTest, AChunkThatGrowsReplacesItself) {
    std::vector<ChunkMaker::Chunk> chunks;
    ChunkMaker maker([&](ChunkMaker::Chunk chunk) { chunks.push_back(std::move(chunk)); }, time_from_begin());
    play(maker, test::music(3, 55, kRate).samples);
    ASSERT_EQ(chunks.size(), 3U);
    for (const auto& chunk : chunks) EXPECT_EQ(chunk.begin, now_);
    EXPECT_GT(chunks[2].fingerprint.frames, chunks[1].fingerprint.frames);
    maker.finish();
    EXPECT_EQ(chunks.size(), 4U);
}

TEST_F(RollingIndexTest, WhatAServerSendsOfThePastWasPlayedBefore) {
    std::vector<ChunkMaker::Chunk> chunks;
    ChunkMaker maker([&](ChunkMaker::Chunk chunk) { chunks.push_back(std::move(chunk)); }, time_from_begin());
    const auto sound = test::music(3, 60, kRate);
    play(maker, std::span(sound.samples).first(20 * std::size_t{kRate}));
    begin_ = now_ - seconds(20);  // The clock of the station knows now.
    play(maker, std::span(sound.samples).subspan(20 * std::size_t{kRate}));
    ASSERT_FALSE(chunks.empty());
    for (const auto& chunk : chunks) EXPECT_EQ(chunk.begin, now_ - seconds(20));
}

TEST_F(RollingIndexTest, WhatComesAfterAStandstillIsAPieceOfItsOwn) {
    std::vector<ChunkMaker::Chunk> chunks;
    ChunkMaker maker([&](ChunkMaker::Chunk chunk) { chunks.push_back(std::move(chunk)); }, time_from_begin());
    const auto sound = test::music(3, 80, kRate);
    play(maker, std::span(sound.samples).first(40 * std::size_t{kRate}));
    maker.cut();
    begin_ = now_ + seconds(30);  // The station stood still; its clock knows.
    play(maker, std::span(sound.samples).subspan(40 * std::size_t{kRate}));
    maker.finish();
    ASSERT_FALSE(chunks.empty());
    EXPECT_EQ(chunks.front().begin, now_);
    EXPECT_EQ(chunks.back().begin, now_ + seconds(40 + 30));
}

TEST_F(RollingIndexTest, OldSoundAndThatOfRemovedMonitorsGoes) {
    const auto sound = test::music(4, 30, kRate);
    keep(one_, sound.samples, {now_ - hours(25), now_ - hours(1)});
    keep(two_, sound.samples, {now_ - hours(1)});
    RollingIndex rolling(stores(), {.pause = std::chrono::milliseconds(1)});
    rolling.keep_only({one_});
    const auto is_swept = [&] { return rolling.sound_of(two_, {}, {}).value().empty(); };
    for (int i = 0; i < 600 && !is_swept(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_TRUE(is_swept());
    const auto left = rolling.sound_of(one_, {}, {}).value();
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].begin, now_ - hours(1));
}

/// A writer whose disk is full until it is told otherwise.
class FullDisk final : public index::ForwardingWriter {
  public:
    using ForwardingWriter::ForwardingWriter;
    std::atomic<bool> is_full = true;
    std::atomic<int> refused = 0;

    Result<void> add(std::span<const index::TrackFingerprint> tracks, const Deadline& deadline) override {
        if (!is_full) return ForwardingWriter::add(tracks, deadline);
        ++refused;
        return fail(ErrorKind::not_available, "the disk is full");
    }
};

TEST_F(RollingIndexTest, WhileTheDiskIsFullTheLatestSoundOfAllStationsWaits) {
    FullDisk disk(index_->writer());
    RollingIndex rolling({index_->reader(), disk}, {.most_waiting = 4});
    const auto chunk = [] { return fingerprint::Fingerprint{.frames = 32, .peaks = {{1, 1, 1}}}; };
    for (int minute = 0; minute < 6; ++minute) {
        for (const Uuid& station : {one_, two_})
            rolling.put(station, now_ - hours(1) + std::chrono::minutes(minute), chunk());
        static_cast<void>(rolling.sound_of(one_, {}, {}));  // writes
    }
    EXPECT_GT(disk.refused, 0);
    disk.is_full = false;
    for (const Uuid& station : {one_, two_}) {
        const auto left = rolling.sound_of(station, {}, {}).value();
        ASSERT_EQ(left.size(), 2U);
        EXPECT_EQ(left[0].begin, now_ - hours(1) + std::chrono::minutes(4));
    }
}

TEST(ChunkTest, AnIdSaysWhoseItIsAndWhenItBegins) {
    const auto monitor = Uuid::random();
    const auto begin = catalog::current_timestamp();
    const auto id = chunk_id(monitor, begin);
    EXPECT_TRUE(is_chunk_of(id, monitor));
    EXPECT_FALSE(is_chunk_of(id, Uuid::random()));
    EXPECT_EQ(begin_of(id), begin);
}

}  // namespace
}  // namespace audio_ident::monitor
