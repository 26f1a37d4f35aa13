#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <set>
#include <stop_token>
#include <thread>

#include "index/both_lanes/lmdb_index.hpp"
#include "support/child.hpp"
#include "support/executor.hpp"
#include "support/temp_folder.hpp"
#include "support/vectors.hpp"

namespace audio_ident::index {
namespace {

namespace fs = std::filesystem;
using test::numbered_id;
using test::random_unit;

constexpr unsigned kDimension = 32;
constexpr std::size_t kChunks = 20;  // of a track
const VectorSpace kSpace{"model@1", kDimension};

/// Chunks around a direction of the track's own, which is around one of thirty that tracks share.
TrackVectors clustered(std::uint32_t number) {
    TrackVectors track{.id = numbered_id(number), .start_seconds = {}, .values = {}};
    const auto cluster = random_unit(900'000 + number % 30, kDimension);
    const auto own = random_unit(800'000 + number, kDimension);
    for (std::uint32_t c = 0; c < kChunks; ++c) {
        track.start_seconds.push_back(static_cast<float>(5 * c));
        auto row = random_unit(number * 1000ULL + c, kDimension);
        for (std::size_t i = 0; i < kDimension; ++i) row[i] = 0.6F * row[i] + 0.7F * own[i] + cluster[i];
        const auto length = static_cast<float>(std::sqrt(test::cosine(row, row)));
        for (const float value : row) track.values.push_back(value / length);
    }
    return track;
}

std::vector<float> first_chunk(const TrackVectors& track) {
    return {track.values.begin(), track.values.begin() + kDimension};
}

class GraphTest : public testing::Test {
  protected:
    GraphTest() { open(); }

    void open() {
        graph_.reset();
        scan_.reset();
        index_.reset();
        auto opened = LmdbIndex::open(folder_.path(), lmdb::Access::read_write, test::executor());
        if (!opened) throw std::runtime_error(opened.error().message);
        index_ = std::move(*opened);
        graph_ = index_->vectors(kSpace, 1000);
        scan_ = index_->vectors(kSpace);
    }
    void add(std::uint32_t begin, std::uint32_t end) {
        std::vector<TrackVectors> tracks;
        for (std::uint32_t number = begin; number < end; ++number) tracks.push_back(clustered(number));
        const auto added = graph_->writer().add(tracks, deadline_);
        ASSERT_TRUE(added) << added.error().message;
    }
    GraphState update() {
        const auto state = graph_->update_graph(deadline_);
        if (!state) throw std::runtime_error(state.error().message);
        return *state;
    }
    static std::vector<VectorHit> nearest(LmdbVectorIndex& index, std::span<const float> query, std::size_t count,
                                          std::span<const TrackId> without = {}) {
        auto found = index.reader().nearest(query, count, without, Deadline());
        if (!found) throw std::runtime_error(found.error().message);
        return std::move(found->front());
    }
    /// The share of the scan's ten best that the graph finds, over many queries; cosines have to be the same.
    double recall(std::span<const TrackId> without = {}) {
        std::size_t same = 0;
        for (std::uint32_t q = 0; q < 50; ++q) {
            const auto row = first_chunk(clustered(5000 + q));
            std::set<std::tuple<TrackId, double, double>> wanted;
            for (const auto& hit : nearest(*scan_, row, 10, without))
                wanted.emplace(hit.track, hit.start_seconds, hit.cosine);
            for (const auto& hit : nearest(*graph_, row, 10, without))
                same += wanted.count({hit.track, hit.start_seconds, hit.cosine});
        }
        return double(same) / 500;
    }
    TrackId best(const TrackVectors& track) { return nearest(*graph_, first_chunk(track), 1).front().track; }
    fs::path file() const { return folder_.path() / "model@1.graph"; }

    test::TempFolder folder_;
    Deadline deadline_ = Deadline::after(std::chrono::seconds(120));
    std::unique_ptr<LmdbIndex> index_;
    std::unique_ptr<LmdbVectorIndex> graph_, scan_;
};

TEST_F(GraphTest, FindsNearlyAllThatTheScanFinds) {
    add(0, 300);
    EXPECT_EQ(update(), GraphState::made);
    EXPECT_EQ(update(), GraphState::good);
    EXPECT_GE(recall(), 0.98);
    open();
    EXPECT_EQ(update(), GraphState::good);
    EXPECT_GE(recall(), 0.98);
}

TEST_F(GraphTest, AFewChunksNeedNone) {
    add(0, 40);
    EXPECT_EQ(update(), GraphState::not_needed);
    EXPECT_FALSE(fs::exists(file()));
    EXPECT_EQ(recall(), 1);
}

TEST_F(GraphTest, GrowsWithTheLibrary) {
    add(0, 200);
    ASSERT_EQ(update(), GraphState::made);
    add(200, 210);
    EXPECT_EQ(update(), GraphState::good);
    EXPECT_GE(recall(), 0.98);
    for (std::uint32_t end = 250; end <= 400; end += 50) {
        add(end - 50, end);
        EXPECT_GE(recall(), 0.98);
        EXPECT_EQ(update(), GraphState::made);
        EXPECT_GE(recall(), 0.98);
    }
}

TEST_F(GraphTest, WhatChangedAfterItWasMadeIsFoundAtOnce) {
    add(0, 200);
    ASSERT_EQ(update(), GraphState::made);
    const auto fresh = clustered(700);
    auto replaced = clustered(701);
    replaced.id = numbered_id(5);
    ASSERT_TRUE(graph_->writer().add(std::vector{fresh, replaced}, deadline_));
    ASSERT_TRUE(graph_->writer().remove(std::vector{numbered_id(7)}, deadline_));
    EXPECT_EQ(best(fresh), fresh.id);
    EXPECT_EQ(best(replaced), numbered_id(5));
    EXPECT_NE(best(clustered(5)), numbered_id(5));
    EXPECT_NE(best(clustered(7)), numbered_id(7));
    EXPECT_EQ(update(), GraphState::good);
    EXPECT_GE(recall(), 0.98);
}

TEST_F(GraphTest, LeavesTracksOut) {
    add(0, 200);
    ASSERT_EQ(update(), GraphState::made);
    EXPECT_EQ(best(clustered(9)), numbered_id(9));
    std::vector<TrackId> without;
    for (std::uint32_t number = 0; number < 200; number += 3) without.push_back(numbered_id(number));
    for (const auto& hit : nearest(*graph_, first_chunk(clustered(9)), 200, without))
        EXPECT_EQ(std::find(without.begin(), without.end(), hit.track), without.end());
    EXPECT_GE(recall(without), 0.98);
}

TEST_F(GraphTest, WithMostTracksGoneItFindsTheRest) {
    add(0, 200);
    ASSERT_EQ(update(), GraphState::made);
    std::vector<TrackId> gone;
    for (std::uint32_t number = 0; number < 140; ++number) gone.push_back(numbered_id(number));
    ASSERT_TRUE(graph_->writer().remove(gone, deadline_));
    EXPECT_EQ(recall(), 1);
    EXPECT_EQ(update(), GraphState::made);
    EXPECT_GE(recall(), 0.98);
}

TEST_F(GraphTest, AsksForMoreThanThereIs) {
    add(0, 60);
    ASSERT_EQ(update(), GraphState::made);
    EXPECT_EQ(nearest(*graph_, first_chunk(clustered(1)), 5000).size(), 60 * kChunks);
}

TEST_F(GraphTest, ADamagedFileIsMadeAnew) {
    add(0, 60);
    ASSERT_EQ(update(), GraphState::made);
    const auto size = fs::file_size(file());
    const std::vector<std::function<void()>> damages = {
        [&] { fs::resize_file(file(), size - 1); },
        [&] { fs::resize_file(file(), 10); },
        [&] { fs::resize_file(file(), 0); },
        [&] { std::fstream(file(), std::ios::in | std::ios::out | std::ios::binary).seekp(8) << "\x02"; },  // format
        [&] { std::fstream(file(), std::ios::in | std::ios::out | std::ios::binary).seekp(70) << "damage"; },
        [&] { std::ofstream(file(), std::ios::binary) << "something else altogether, and long enough for a head"; },
    };
    for (std::size_t i = 0; i < damages.size(); ++i) {
        const fs::path copy = folder_ / "copy";
        fs::copy_file(file(), copy);
        fs::rename(copy, file());  // not the file that is mapped
        damages[i]();
        open();
        EXPECT_EQ(recall(), 1) << i;
        EXPECT_EQ(update(), GraphState::made) << i;
        EXPECT_GE(recall(), 0.98) << i;
    }
}

TEST_F(GraphTest, DamagedLinksLeadNowhere) {
    add(0, 100);
    ASSERT_EQ(update(), GraphState::made);
    {
        std::fstream out(file(), std::ios::in | std::ios::out | std::ios::binary);
        out.seekp(static_cast<std::streamoff>(fs::file_size(file()) - 100 * kChunks * 128));
        for (std::size_t i = 0; i < 100 * kChunks * 128; ++i) out.put(static_cast<char>(i * 2'654'435'761U >> 13));
    }
    open();
    const auto hits = nearest(*graph_, first_chunk(clustered(1)), 100);
    EXPECT_EQ(hits.size(), 100U);
    EXPECT_LT(recall(), 0.9);  // so it is the graph that answers
    EXPECT_EQ(update(), GraphState::made);
    EXPECT_GE(recall(), 0.98);
}

TEST_F(GraphTest, StopsAndLeavesNothingHalf) {
    add(0, 100);
    std::stop_source stop;
    stop.request_stop();
    const auto state = graph_->update_graph(Deadline::never(stop.get_token()));
    ASSERT_FALSE(state);
    EXPECT_EQ(state.error().kind, ErrorKind::timeout);
    EXPECT_FALSE(fs::exists(file()));
    EXPECT_EQ(recall(), 1);
}

TEST_F(GraphTest, AFileThatCannotBeWrittenIsNamed) {
    add(0, 60);
    fs::create_directories(file() / "in the way");
    const auto state = graph_->update_graph(deadline_);
    ASSERT_FALSE(state);
    EXPECT_EQ(state.error().kind, ErrorKind::not_available);
    EXPECT_NE(state.error().message.find("model@1.graph"), std::string::npos) << state.error().message;
    EXPECT_EQ(recall(), 1);
}

TEST_F(GraphTest, SearchesAndChangesGoOnWhileItIsMade) {
    add(0, 100);
    std::jthread maker([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) static_cast<void>(graph_->update_graph(Deadline::never(stop)));
    });
    for (std::uint32_t number = 100; number < 130; ++number) {
        add(number, number + 1);
        EXPECT_EQ(best(clustered(number)), numbered_id(number));
        ASSERT_TRUE(graph_->writer().remove(std::vector{numbered_id(number - 60)}, deadline_));
        EXPECT_NE(best(clustered(number - 60)), numbered_id(number - 60));
    }
    maker.request_stop();
    maker.join();
    update();
    EXPECT_GE(recall(), 0.98);
}

TEST_F(GraphTest, AnotherProcessMayWriteAndMakeTheGraph) {
    graph_.reset();
    scan_.reset();
    index_.reset();
    test::Child other([&](const auto& say) {
        open();
        add(0, 100);
        const bool made = update() == GraphState::made;
        add(100, 105);
        say(made ? "made" : "not made");
    });
    open();
    ASSERT_EQ(other.line(), "made");
    EXPECT_EQ(update(), GraphState::good);
    EXPECT_GE(recall(), 0.98);
}

TEST_F(GraphTest, GoesWithItsSpace) {
    add(0, 60);
    ASSERT_EQ(update(), GraphState::made);
    ASSERT_TRUE(index_->drop_vector_space(kSpace.name, deadline_));
    EXPECT_FALSE(fs::exists(file()));
    EXPECT_TRUE(nearest(*graph_, random_unit(1, kDimension), 5).empty());
}

}  // namespace
}  // namespace audio_ident::index
