#include <functional>
#include <gmock/gmock.h>

#include "index/both_lanes/lmdb_index.hpp"
#include "index/lmdb/lmdb_maps.hpp"
#include "support/executor.hpp"
#include "support/fingerprints.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::index {
namespace {

using testing::HasSubstr;

/// An index of one track, and a record of it that lost its second half.
class DamagedRecordTest : public testing::Test {
  protected:
    void SetUp() override {
        const TrackFingerprint track{test::numbered_id(1), test::random_fingerprint(1, 500)};
        ASSERT_TRUE(open()->writer().add({&track, 1}, {}));
    }

    std::unique_ptr<LmdbIndex> open() {
        return std::move(LmdbIndex::open(folder_.path(), lmdb::Access::read_write, test::executor()).value());
    }

    void damage(lmdb::Database Tables::*table) {
        const lmdb::Environment environment(folder_.path(), lmdb::Access::read_write, kTables);
        lmdb::Transaction transaction(environment, lmdb::Access::read_write);
        const Tables tables(transaction, lmdb::IfMissing::refuse);
        const auto entry = lmdb::Cursor(transaction, tables.*table).first();
        const std::vector<std::byte> key(entry->first.begin(), entry->first.end());
        const auto half = entry->second.first(entry->second.size() / 2);
        (tables.*table).put(transaction, key, std::vector<std::byte>(half.begin(), half.end()));
        transaction.commit();
    }

    /// Expects that a snapshot says what is wrong after this use of it, and not before.
    void expect_noticed_by(const std::function<void(const FingerprintSnapshot&)>& use) {
        const auto index = open();
        const auto snapshot = index->reader().snapshot({});
        ASSERT_TRUE(snapshot) << snapshot.error().message;
        EXPECT_TRUE((*snapshot)->status());
        use(**snapshot);
        const auto status = (*snapshot)->status();
        ASSERT_FALSE(status);
        EXPECT_EQ(status.error().kind, ErrorKind::corrupt);
        EXPECT_THAT(status.error().message, HasSubstr(folder_.path().string()));
        EXPECT_THAT(status.error().message, HasSubstr("run `audio-ident rebuild-index`"));
    }

    test::TempFolder folder_;
};

constexpr Lookup kAll{0, fingerprint::kKeys - 1, 0};

TEST_F(DamagedRecordTest, OfPostingsIsNoticedByFindingAndCounting) {
    damage(&Tables::postings);
    expect_noticed_by([](const FingerprintSnapshot& snapshot) {
        std::vector<std::uint32_t> offsets;
        snapshot.find(0, {&kAll, 1}, 0, offsets);
    });
    expect_noticed_by([](const FingerprintSnapshot& snapshot) { snapshot.count_bound(0, kAll); });
}

TEST_F(DamagedRecordTest, OfATracksNumberIsNoticedByNamingIt) {
    damage(&Tables::numbers);
    expect_noticed_by([](const FingerprintSnapshot& snapshot) {
        const auto location = snapshot.locate(0, 10);
        ASSERT_TRUE(location);
        EXPECT_EQ(snapshot.track_id(location->track), TrackId());
    });
}

TEST_F(DamagedRecordTest, OfPeaksIsNoticedByReadingThem) {
    damage(&Tables::peaks);
    expect_noticed_by([](const FingerprintSnapshot& snapshot) {
        std::vector<fingerprint::Peak> peaks;
        snapshot.peaks(snapshot.locate(0, 10)->track, 0, 500, peaks);
    });
}

TEST_F(DamagedRecordTest, OfAWholeSegmentLeavesNoSnapshot) {
    damage(&Tables::contents);
    const auto index = open();
    const auto snapshot = index->reader().snapshot({});
    ASSERT_FALSE(snapshot);
    EXPECT_EQ(snapshot.error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace audio_ident::index
