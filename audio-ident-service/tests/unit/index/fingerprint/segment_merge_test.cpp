#include "index/fingerprint/segment_merge.hpp"

#include <gtest/gtest.h>

#include "index/fingerprint/lmdb_snapshot.hpp"
#include "index/fingerprint/segment_builder.hpp"
#include "index/lmdb/lmdb_maps.hpp"
#include "support/fingerprint_model.hpp"
#include "support/fingerprints.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::index {
namespace {

using lmdb::Access;
using lmdb::Transaction;

// Merges step by step, below the port, so that the states between the steps can be seen.
class SegmentMerge : public testing::Test {
  protected:
    void open() {
        environment_.reset();
        environment_ = std::make_unique<IndexEnvironment>(folder_.path(), Access::read_write, kTables);
        Transaction transaction(environment_->lmdb(), Access::read_write);
        tables_.emplace(transaction, lmdb::IfMissing::create);
        LmdbMaps maps(transaction, *tables_);
        if (!read_meta(maps)) write_meta(maps, {.merge_target = MetaRecord::kNoMerge});
        transaction.commit();
    }
    template <typename Body>
    void write(Body&& body) {
        Transaction transaction(environment_->lmdb(), Access::read_write);
        LmdbMaps maps(transaction, *tables_);
        auto meta = read_meta(maps).value();
        body(maps, meta);
        write_meta(maps, meta);
        transaction.commit();
    }
    void add(std::uint32_t first, std::uint32_t end, std::uint32_t frames) {
        std::vector<TrackFingerprint> tracks;
        for (std::uint32_t i = first; i < end; ++i) {
            tracks.push_back({test::numbered_id(i), test::random_fingerprint(i, frames)});
            model_.add(tracks.back().id, tracks.back().fingerprint);
        }
        std::vector<const TrackFingerprint*> pointers;
        for (const auto& track : tracks) pointers.push_back(&track);
        write([&](MapTransaction& maps, MetaRecord& meta) { write_segment(maps, meta, pointers); });
    }
    void remove(std::uint32_t number) {
        write([&](MapTransaction& maps, MetaRecord&) {
            const TrackId id = test::numbered_id(number);
            const auto record = value_of<TrackRecord>(maps.get(Map::tracks, bytes_of(id.bytes())).value());
            maps.erase(Map::numbers, NumberKey(record.number).bytes());
            maps.erase(Map::tracks, bytes_of(id.bytes()));
        });
        model_.remove(test::numbered_id(number));
    }
    std::size_t table_size(const lmdb::Database& table) const {
        const Transaction transaction(environment_->lmdb(), Access::read_only);
        return table.size(transaction);
    }
    void expect_model(std::uint64_t seed) {
        auto transaction = std::make_unique<Transaction>(environment_->lmdb(), Access::read_only);
        auto state = LmdbState::load(environment_->lmdb(), *transaction, *tables_);
        model_.expect_same(LmdbSnapshot(*environment_, std::move(transaction), *tables_, std::move(state)), seed);
    }

    test::TempFolder folder_;
    std::unique_ptr<IndexEnvironment> environment_;
    std::optional<Tables> tables_;
    test::FingerprintModel model_;
};

TEST_F(SegmentMerge, LeavesAWholeIndexAfterEveryStep) {
    open();
    add(0, 10, 3000);
    add(10, 20, 3000);
    add(20, 22, 100);
    write([&](MapTransaction& maps, MetaRecord& meta) { begin_merge(maps, meta, {0, 1, 2}); });
    std::uint64_t steps = 0;
    for (bool more = true; more; ++steps) {
        expect_model(steps);
        if (steps == 2) {
            remove(3);
            remove(21);
            add(50, 52, 300);
        }
        // As after a crash between two steps.
        if (steps % 3 == 1) open();
        write([&](MapTransaction& maps, MetaRecord& meta) { more = step_merge(maps, meta, MergeEffort::tidy); });
        ASSERT_FALSE(HasFailure()) << "after step " << steps;
    }
    EXPECT_GT(steps, 5U);
    EXPECT_EQ(table_size(tables_->segments), 2U);
    expect_model(steps);
}

TEST_F(SegmentMerge, AStepThatIsNotCommittedChangesNothing) {
    open();
    add(0, 10, 3000);
    add(10, 20, 3000);
    write([&](MapTransaction& maps, MetaRecord& meta) {
        begin_merge(maps, meta, {0, 1});
        step_merge(maps, meta, MergeEffort::tidy);
    });
    {
        const Transaction transaction(environment_->lmdb(), Access::read_write);
        LmdbMaps maps(transaction, *tables_);
        auto meta = read_meta(maps).value();
        EXPECT_TRUE(step_merge(maps, meta, MergeEffort::tidy));
    }
    expect_model(1);
}

TEST_F(SegmentMerge, DropsWhatWasRemoved) {
    open();
    add(0, 4, 2000);
    add(4, 6, 2000);
    const std::size_t live = table_size(tables_->postings);
    for (std::uint32_t i = 0; i < 6; ++i) remove(i);
    EXPECT_EQ(table_size(tables_->postings), live);
    for (bool more = true; more;) {
        write([&](MapTransaction& maps, MetaRecord& meta) {
            if (meta.merge_target == MetaRecord::kNoMerge) {
                const auto sources = choose_merge(maps, MergeEffort::tidy);
                more = sources.has_value();
                if (more) begin_merge(maps, meta, *sources);
            }
            step_merge(maps, meta, MergeEffort::tidy);
        });
    }
    EXPECT_EQ(table_size(tables_->segments), 0U);
    EXPECT_EQ(table_size(tables_->contents), 0U);
    EXPECT_EQ(table_size(tables_->postings), 0U);
}

TEST_F(SegmentMerge, KeepsUpWithFewSegmentsAtLittleCost) {
    open();
    std::uint64_t moved = 0;
    std::uint64_t added = 0;
    for (std::uint32_t i = 0; i < 100; ++i) {
        add(i, i + 1, 60);
        for (bool more = true; more;) {
            write([&](MapTransaction& maps, MetaRecord& meta) {
                const auto sources = choose_merge(maps, MergeEffort::keep_up);
                more = sources.has_value();
                if (!more) return;
                for (const SegmentNumber source : *sources) {
                    moved += read_segment(maps, source).postings;
                }
                begin_merge(maps, meta, *sources);
                while (meta.merge_target != MetaRecord::kNoMerge) {
                    step_merge(maps, meta, MergeEffort::keep_up);
                }
            });
        }
        EXPECT_LT(table_size(tables_->segments), 4U);
        added += fingerprint::reference_landmarks(test::random_fingerprint(i, 60).peaks).size();
    }
    EXPECT_LT(moved, 40 * added);
    expect_model(1);
}

}  // namespace
}  // namespace audio_ident::index
