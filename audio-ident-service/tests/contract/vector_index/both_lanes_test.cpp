#include <algorithm>
#include <chrono>
#include <gtest/gtest.h>
#include <thread>

#include "index/both_lanes/lmdb_index.hpp"
#include "support/child.hpp"
#include "support/executor.hpp"
#include "support/random.hpp"
#include "support/temp_folder.hpp"
#include "support/vectors.hpp"

namespace audio_ident::test {
namespace {

constexpr unsigned kDimension = 48;

std::unique_ptr<index::LmdbIndex> open(const TempFolder& folder) {
    auto index = index::LmdbIndex::open(folder.path(), lmdb::Access::read_write, executor());
    if (!index) throw std::runtime_error(index.error().message);
    return std::move(*index);
}

std::size_t chunks_of(std::uint32_t number) {
    return 3 + number % 40;
}

/// Adds four tracks per batch and removes one of each four.
void write(index::LmdbIndex& index, std::uint32_t batch) {
    std::vector<index::TrackFingerprint> fingerprints;
    std::vector<index::TrackVectors> vectors;
    for (std::uint32_t number = 4 * batch; number < 4 * batch + 4; ++number) {
        fingerprints.push_back({numbered_id(number), random_fingerprint(number, 300)});
        vectors.push_back(random_vectors(number, chunks_of(number), kDimension));
    }
    const auto stored = index.both_lanes({"model@1", kDimension})->add(fingerprints, vectors, {});
    const auto first = numbered_id(4 * batch);
    if (!stored || !index.writer().remove({&first, 1}, {})) throw std::runtime_error("not written");
}

std::vector<TrackId> sorted(Result<std::vector<TrackId>> ids) {
    if (!ids) throw std::runtime_error(ids.error().message);
    std::sort(ids->begin(), ids->end());
    return std::move(*ids);
}

TEST(BothLanes, AWriterKilledAtAnyMomentLeavesATrackInBothOrNeither) {
    const TempFolder folder;
    Random random(1);
    std::uint32_t batch = 0;
    std::chrono::steady_clock::duration batch_time{};
    for (int round = 0; round < 25; ++round) {
        Child child([&](const auto& say) {
            const auto index = open(folder);
            for (std::uint32_t n = batch;; ++n) {
                write(*index, n);
                say("ok");
            }
        });
        auto before = std::chrono::steady_clock::now();
        for (int writes = 1 + random.below(3); writes > 0; --writes) {
            ASSERT_EQ(child.line(), "ok");
            batch_time = std::chrono::steady_clock::now() - before;
            before = std::chrono::steady_clock::now();
        }
        std::this_thread::sleep_for(batch_time * random.uniform());
        child.kill();
        while (!child.line().empty()) {
        }

        const auto index = open(folder);
        const auto vectors = index->vectors({"model@1", kDimension});
        const auto heard = sorted(index->writer().tracks({}));
        ASSERT_EQ(heard, sorted(vectors->writer().tracks({}))) << "round " << round;
        ASSERT_FALSE(heard.empty());
        for (; std::binary_search(heard.begin(), heard.end(), numbered_id(4 * batch + 1)); ++batch) {
            for (std::uint32_t number = 4 * batch + 1; number < 4 * batch + 4; ++number) {
                const auto id = numbered_id(number);
                const auto found = vectors->reader().vectors({&id, 1}, {});
                ASSERT_TRUE(found);
                EXPECT_EQ(found->front().start_seconds.size(), chunks_of(number)) << "track " << number;
            }
        }
    }
}

}  // namespace
}  // namespace audio_ident::test
