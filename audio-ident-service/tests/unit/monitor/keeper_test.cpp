// Which monitors a service takes from others.
#include "monitor/keeper.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>

#include "catalog/timestamp_text.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "support/executor.hpp"
#include "support/fake_catalog.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::monitor {
namespace {

using catalog::MonitorRow;
using std::chrono::hours;

/// Can be away, and counts how often it was asked.
class CountedMonitors : public test::FakeMonitors {
  public:
    Result<std::vector<MonitorRow>> list(const Deadline& deadline) override {
        const bool fails = is_away;
        ++asked;
        if (fails) return fail(ErrorKind::not_available, "the database is away");
        return FakeMonitors::list(deadline);
    }
    Result<catalog::KeptMonitors> claim(const std::string& keeper, Timestamp now, Timestamp until,
                                        const Deadline& deadline) override {
        auto kept = FakeMonitors::claim(keeper, now, until, deadline);
        if (keeper == "me") ++claimed;
        return kept;
    }

    std::atomic<bool> is_away = false;
    std::atomic<int> asked = 0;
    std::atomic<int> claimed = 0;
};

class CountedCatalog : public test::FakeCatalog {
  public:
    CountedMonitors& monitors() override { return rows; }
    catalog::DeliveryStore& deliveries() override { return rows.deliveries(); }

    CountedMonitors rows;
};

class KeeperTest : public testing::Test {
  protected:
    KeeperTest() {
        EXPECT_TRUE(store_.add(row_, {}));
        EXPECT_TRUE(store_.claim("other", now_ - hours(2), now_ - hours(1), {})) << "silent for an hour";
    }
    Keeper keeper() {
        return Keeper({.catalog = catalog_, .index = index_->reader(), .decoder = *decoder_}, {.name = "me"});
    }
    static void wait_for(const std::atomic<int>& count) {
        for (int i = 0; i < 6000 && count == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        ASSERT_GT(count, 0) << "within half a minute";
    }
    bool has_it(const std::string& keeper) { return store_.note(row_.id, keeper, row_.now, {}).value(); }

    test::TempFolder folder_;
    std::unique_ptr<index::LmdbIndex> index_ =
        index::LmdbIndex::open(folder_ / "index", lmdb::Access::read_write, test::executor()).value();
    std::unique_ptr<audio::Decoder> decoder_ = audio::make_ffmpeg_decoder();
    Timestamp now_ = catalog::current_timestamp();
    CountedCatalog catalog_;
    CountedMonitors& store_ = catalog_.rows;
    MonitorRow row_{.id = Uuid::random(),
                    .name = "One",
                    .source = "/none",
                    .paused = true,
                    .created_at = now_,
                    .now = {.status_at = now_}};
};

TEST_F(KeeperTest, TakesTheMonitorsOfOneThatIsSilent) {
    const Keeper me = keeper();
    wait_for(store_.claimed);
    EXPECT_TRUE(has_it("me"));
}

TEST_F(KeeperTest, AfterTheCatalogWasAwayItLeavesOthersTheTimeToComeBack) {
    store_.is_away = true;
    const Keeper me = keeper();
    wait_for(store_.asked);
    store_.is_away = false;
    wait_for(store_.claimed);
    EXPECT_TRUE(has_it("other"));
}

}  // namespace
}  // namespace audio_ident::monitor
