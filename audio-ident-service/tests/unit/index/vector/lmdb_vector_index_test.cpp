#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <thread>

#include "index/both_lanes/lmdb_index.hpp"
#include "index/fingerprint/records.hpp"
#include "index/lmdb/lmdb_maps.hpp"
#include "support/child.hpp"
#include "support/executor.hpp"
#include "support/temp_folder.hpp"
#include "support/vectors.hpp"

namespace audio_ident::index {
namespace {

using test::numbered_id;
using test::random_fingerprint;
using test::random_vectors;

constexpr unsigned kDimension = 64;
const VectorSpace kSpace{"model@1", kDimension};

class LmdbVectorIndexTest : public testing::Test {
  protected:
    std::unique_ptr<LmdbIndex> open(lmdb::Access access = lmdb::Access::read_write) {
        auto opened = LmdbIndex::open(folder_.path(), access, test::executor());
        if (!opened) throw std::runtime_error(opened.error().message);
        return std::move(*opened);
    }
    std::vector<TrackId> embedded(const LmdbIndex& index, const VectorSpace& space = kSpace) {
        return index.vectors(space)->writer().tracks(deadline_).value();
    }

    test::TempFolder folder_;
    Deadline deadline_ = Deadline::after(std::chrono::seconds(60));
};

TEST_F(LmdbVectorIndexTest, OneTransactionMakesATrackVisibleInBothLanes) {
    const auto index = open();
    const auto both = index->both_lanes(kSpace);
    const std::vector<TrackFingerprint> fingerprints = {{numbered_id(1), random_fingerprint(1, 300)},
                                                        {numbered_id(2), random_fingerprint(2, 300)}};
    const auto stored = both->add(fingerprints, std::vector{random_vectors(1, 5, kDimension)}, deadline_);
    ASSERT_TRUE(stored) << stored.error().message;
    EXPECT_EQ(*stored, Stored::both);
    EXPECT_EQ(embedded(*index), std::vector{numbered_id(1)});
    EXPECT_EQ(index->writer().tracks(deadline_)->size(), 2U);
}

TEST_F(LmdbVectorIndexTest, WhatOneLaneRefusesReachesNeither) {
    const auto index = open();
    ASSERT_TRUE(index->vectors(kSpace)->writer().add(std::vector{random_vectors(9, 5, kDimension)}, deadline_));
    // The same space with another dimension: found out in the middle of the transaction.
    const auto both = index->both_lanes({kSpace.name, 32});
    const std::vector<TrackFingerprint> fingerprints = {{numbered_id(1), random_fingerprint(1, 300)}};
    const auto stored = both->add(fingerprints, std::vector{random_vectors(1, 5, 32)}, deadline_);
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().kind, ErrorKind::unsupported);
    EXPECT_NE(stored.error().message.find("have 64 numbers, the model gives 32; run `audio-ident reembed`"),
              std::string::npos)
        << stored.error().message;
    EXPECT_TRUE(index->writer().tracks(deadline_)->empty());
}

TEST_F(LmdbVectorIndexTest, ATrackThatIsRemovedLosesItsVectorsOfAllSpaces) {
    const auto index = open();
    const VectorSpace other{"model@2", 32};
    for (std::uint32_t i = 1; i <= 3; ++i) {
        const std::vector<TrackFingerprint> one = {{numbered_id(i), random_fingerprint(i, 300)}};
        ASSERT_TRUE(index->both_lanes(kSpace)->add(one, std::vector{random_vectors(i, 5, kDimension)}, deadline_));
        ASSERT_TRUE(index->vectors(other)->writer().add(std::vector{random_vectors(i, 5, 32)}, deadline_));
    }
    ASSERT_TRUE(index->writer().remove(std::vector{numbered_id(1), numbered_id(3)}, deadline_));
    EXPECT_EQ(embedded(*index), std::vector{numbered_id(2)});
    EXPECT_EQ(embedded(*index, other), std::vector{numbered_id(2)});
}

TEST_F(LmdbVectorIndexTest, FingerprintsMadeAnewKeepTheVectors) {
    const auto index = open();
    const std::vector<TrackFingerprint> one = {{numbered_id(1), random_fingerprint(1, 300)}};
    ASSERT_TRUE(index->both_lanes(kSpace)->add(one, std::vector{random_vectors(1, 5, kDimension)}, deadline_));
    ASSERT_TRUE(index->writer().add(one, deadline_));
    EXPECT_EQ(embedded(*index), std::vector{numbered_id(1)});
    // New music without vectors must not keep the vectors of the old music.
    ASSERT_TRUE(index->both_lanes(kSpace)->add(one, {}, deadline_));
    EXPECT_TRUE(embedded(*index).empty());
}

TEST_F(LmdbVectorIndexTest, ListsAndDropsSpaces) {
    const auto index = open();
    EXPECT_TRUE(index->vector_spaces(deadline_)->empty());
    const VectorSpace other{"model@2", 32};
    ASSERT_TRUE(index->vectors(kSpace)->writer().add(std::vector{random_vectors(1, 5, kDimension)}, deadline_));
    ASSERT_TRUE(index->vectors(other)->writer().add(std::vector{random_vectors(1, 5, 32)}, deadline_));
    EXPECT_EQ(index->vector_spaces(deadline_), (std::vector{kSpace, other}));
    ASSERT_TRUE(index->drop_vector_space(kSpace.name, deadline_));
    ASSERT_TRUE(index->drop_vector_space("never@1", deadline_));
    EXPECT_EQ(index->vector_spaces(deadline_), std::vector{other});
    EXPECT_EQ(embedded(*index, other), std::vector{numbered_id(1)});
    EXPECT_TRUE(embedded(*index).empty());
}

TEST_F(LmdbVectorIndexTest, AnIndexFromBeforeThereWereVectorsWorks) {
    {
        const lmdb::Environment environment(folder_.path(), lmdb::Access::read_write, kTables);
        lmdb::Transaction transaction(environment, lmdb::Access::read_write);
        const Tables tables(transaction, lmdb::IfMissing::create);
        LmdbMaps maps(transaction, tables);
        write_meta(maps, {.merge_target = MetaRecord::kNoMerge});
        transaction.commit();
    }
    {
        const auto index = open(lmdb::Access::read_only);
        const auto vectors = index->vectors(kSpace);
        const auto query = test::random_unit(1, kDimension);
        const auto found = vectors->reader().nearest(query, 5, {}, deadline_);
        ASSERT_TRUE(found) << found.error().message;
        EXPECT_TRUE(found->front().empty());
        EXPECT_EQ(vectors->reader().stats(deadline_)->tracks, 0U);
        EXPECT_TRUE(index->vector_spaces(deadline_)->empty());
    }
    const auto index = open();
    ASSERT_TRUE(index->vectors(kSpace)->writer().add(std::vector{random_vectors(1, 5, kDimension)}, deadline_));
    EXPECT_EQ(embedded(*index), std::vector{numbered_id(1)});
}

TEST_F(LmdbVectorIndexTest, AFormatItDoesNotKnowIsNamed) {
    {
        const auto index = open();
        ASSERT_TRUE(index->vectors(kSpace)->writer().add(std::vector{random_vectors(1, 5, kDimension)}, deadline_));
    }
    {
        const lmdb::Environment environment(folder_.path(), lmdb::Access::read_write, kTables + kVectorTables);
        lmdb::Transaction transaction(environment, lmdb::Access::read_write);
        const VectorTables tables(transaction, lmdb::IfMissing::refuse);
        auto record = *tables.find_space(transaction, kSpace.name);
        record.format_version = 7;
        tables.spaces.put(transaction, {reinterpret_cast<const std::byte*>(kSpace.name.data()), kSpace.name.size()},
                          bytes_of(record));
        transaction.commit();
    }
    const auto index = open();
    const auto stats = index->vectors(kSpace)->reader().stats(deadline_);
    ASSERT_FALSE(stats);
    EXPECT_EQ(stats.error().kind, ErrorKind::unsupported);
    EXPECT_NE(stats.error().message.find("use a newer audio-ident"), std::string::npos) << stats.error().message;
    ASSERT_TRUE(index->drop_vector_space(kSpace.name, deadline_));
    EXPECT_TRUE(embedded(*index).empty());
}

TEST_F(LmdbVectorIndexTest, DamageIsNamedWithTheCommandThatMendsIt) {
    {
        const auto index = open();
        ASSERT_TRUE(index->vectors(kSpace)->writer().add(std::vector{random_vectors(1, 5, kDimension)}, deadline_));
    }
    {
        const lmdb::Environment environment(folder_.path(), lmdb::Access::read_write, kTables + kVectorTables);
        lmdb::Transaction transaction(environment, lmdb::Access::read_write);
        const VectorTables tables(transaction, lmdb::IfMissing::refuse);
        std::vector<std::byte> key;
        std::vector<std::byte> half;
        {
            lmdb::Cursor cursor(transaction, tables.vectors);
            const auto entry = cursor.first();
            key.assign(entry->first.begin(), entry->first.end());
            half.assign(entry->second.begin(), entry->second.begin() + 20);
        }
        tables.vectors.put(transaction, key, half);
        transaction.commit();
    }
    const auto index = open();
    const auto found = index->vectors(kSpace)->reader().nearest(test::random_unit(1, kDimension), 5, {}, deadline_);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::corrupt);
    EXPECT_NE(found.error().message.find("run `audio-ident reembed`"), std::string::npos) << found.error().message;
}

TEST_F(LmdbVectorIndexTest, SeesWhatAnotherProcessWrote) {
    const test::TempFolder signals;
    const auto go = signals.path() / "go";
    test::Child other([&](const auto& say) {
        while (!std::filesystem::exists(go)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        auto index = LmdbIndex::open(folder_.path(), lmdb::Access::read_write, test::executor());
        if (!index) return say(index.error().message);
        const auto added =
            (*index)->vectors(kSpace)->writer().add(std::vector{random_vectors(1, 5, kDimension)}, Deadline());
        say(added ? "added" : added.error().message);
    });
    const auto index = open();
    const auto vectors = index->vectors(kSpace);
    EXPECT_EQ(vectors->reader().stats(deadline_)->tracks, 0U);
    std::ofstream(go) << "go";
    ASSERT_EQ(other.line(), "added");
    EXPECT_EQ(vectors->reader().stats(deadline_)->vectors, 5U);
}

TEST_F(LmdbVectorIndexTest, ManyThreadsFindWhatOneDoes) {
    // Enough for several threads: 40 MB.
    const auto index = open();
    const VectorSpace wide{"wide@1", 1024};
    std::vector<TrackVectors> tracks;
    for (std::uint32_t i = 0; i < 40; ++i) {
        tracks.push_back(random_vectors(i, 1, 1024));
        TrackVectors& track = tracks.back();
        const std::vector<float> row = track.values;
        for (int copy = 1; copy < 1000; ++copy) {
            track.start_seconds.push_back(static_cast<float>(copy));
            track.values.insert(track.values.end(), row.begin(), row.end());
        }
    }
    const auto vectors = index->vectors(wide);
    ASSERT_TRUE(vectors->writer().add(tracks, deadline_));
    for (const std::uint32_t number : {0U, 17U, 39U}) {
        const auto query = test::random_unit(number * 1000ULL, 1024);
        const auto found = vectors->reader().nearest(query, 1200, {}, deadline_);
        ASSERT_TRUE(found) << found.error().message;
        ASSERT_EQ(found->front().size(), 1200U);
        for (std::size_t i = 0; i < 1000; ++i) {
            EXPECT_EQ(found->front()[i].track, numbered_id(number));
            EXPECT_EQ(found->front()[i].start_seconds, double(i));
        }
        EXPECT_LT(found->front()[1000].cosine, 0.5);
    }
}

}  // namespace
}  // namespace audio_ident::index
