#include <gmock/gmock.h>
#include <string>

#include "backends.hpp"
#include "catalog/timestamp_text.hpp"

namespace audio_ident::test {
namespace {

using catalog::Deliver;
using catalog::MonitorRow;
using catalog::PlayRow;
using std::chrono::hours;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

/// The plays of a station that wait for the webhook.
class CatalogDeliveries : public CatalogTest {
  protected:
    CatalogDeliveries() {
        station_ = {.id = Uuid::random(),
                    .name = "Radio \"One\"",
                    .source = "https://example.org/one",
                    .created_at = now_,
                    .now = {.status_at = now_}};
        EXPECT_TRUE(monitors_.add(station_, deadline_));
        EXPECT_TRUE(monitors_.claim("a", now_, now_ + seconds(20), deadline_));
    }
    PlayRow play(int begin, const std::string& title) const {
        return {.id = Uuid::random(),
                .monitor = station_.id,
                .track = TrackId::random(),
                .title = title,
                .started_at = now_ + seconds(begin),
                .ended_at = now_ + seconds(begin + 100),
                .confidence = 0.9,
                .gaps = {{now_ + seconds(begin + 3), now_ + seconds(begin + 9)}},
                .final = true};
    }
    void store(std::vector<PlayRow> plays, std::vector<Uuid> removed = {}, Deliver deliver = Deliver::final_plays) {
        EXPECT_EQ(monitors_.store(station_.id, "a", {std::move(plays), std::move(removed), deliver}, deadline_), true);
    }
    std::optional<catalog::Delivery> claim(const std::string& sender = "a", int at = 0) {
        return store_.claim(sender, now_ + seconds(at), now_ + seconds(at + 30), deadline_).value();
    }
    /// The titles of all that wait, which are taken.
    std::vector<std::string> delivered() {
        std::vector<std::string> titles;
        while (const auto next = claim()) {
            titles.push_back(next->play.title);
            EXPECT_EQ(store_.finish(next->play.id, deadline_), true);
        }
        return titles;
    }

    catalog::MonitorStore& monitors_ = catalog_->monitors();
    catalog::DeliveryStore& store_ = catalog_->deliveries();
    MonitorRow station_;
};
INSTANTIATE_TEST_SUITE_P(All, CatalogDeliveries, testing::ValuesIn(all_backends()), testing::PrintToStringParamName());

TEST_P(CatalogDeliveries, APlayWaitsOnceItIsFinal) {
    auto one = play(0, "Blue");
    one.final = false;
    store({one});
    EXPECT_EQ(store_.waiting(deadline_), 0);
    EXPECT_EQ(claim(), std::nullopt);
    one.final = true;
    store({one});
    EXPECT_EQ(store_.waiting(deadline_), 1);
    const auto delivery = claim();
    ASSERT_TRUE(delivery);
    EXPECT_EQ(delivery->play, one);
    EXPECT_EQ(delivery->monitor, station_.name);
    EXPECT_LE(catalog::current_timestamp() - delivery->created_at, hours(1));
}

TEST_P(CatalogDeliveries, APlayThatIsStoredAgainDoesNotWaitAgain) {
    const auto one = play(0, "Blue");
    store({one});
    store({one});
    EXPECT_THAT(delivered(), ElementsAre("Blue"));
    store({one});
    EXPECT_THAT(delivered(), IsEmpty());
    EXPECT_EQ(store_.finish(one.id, deadline_), false);
}

TEST_P(CatalogDeliveries, NothingWaitsWithoutAWebhook) {
    store({play(0, "Blue")}, {}, Deliver::nothing);
    EXPECT_EQ(store_.waiting(deadline_), 0);
}

TEST_P(CatalogDeliveries, ComeInTheOrderInWhichTheyBecameFinal) {
    store({play(500, "Third"), play(300, "Second"), play(200, "First")});
    store({play(0, "Fourth")});
    EXPECT_EQ(store_.waiting(deadline_), 4);
    EXPECT_THAT(delivered(), ElementsAre("First", "Second", "Third", "Fourth"));
}

TEST_P(CatalogDeliveries, AreDeliveredByOneServiceAtATime) {
    store({play(0, "Blue"), play(200, "Red")});
    EXPECT_EQ(claim("a", 0)->play.title, "Blue");
    EXPECT_EQ(claim("b", 10), std::nullopt) << "the later one waits too";
    EXPECT_EQ(claim("a", 10)->play.title, "Blue");
    EXPECT_EQ(claim("b", 39), std::nullopt);
    const auto taken = claim("b", 41);
    ASSERT_TRUE(taken) << "a is gone";
    EXPECT_EQ(claim("a", 45), std::nullopt);
    EXPECT_EQ(store_.finish(taken->play.id, deadline_), true);
    EXPECT_EQ(claim("a", 46)->play.title, "Red");
}

class SharedDeliveries : public CatalogDeliveries {};
INSTANTIATE_TEST_SUITE_P(All, SharedDeliveries, testing::ValuesIn(shared_backends()),
                         testing::PrintToStringParamName());

TEST_P(SharedDeliveries, SurviveTheProgram) {
    store({play(0, "Blue"), play(200, "Red")});
    claim();
    catalog_ = open();
    EXPECT_EQ(catalog_->deliveries().waiting(deadline_), 2);
    EXPECT_EQ(catalog_->deliveries().claim("a", now_, now_ + seconds(30), deadline_).value()->play.title, "Blue");
}

TEST_P(CatalogDeliveries, GoWithTheirPlays) {
    const auto gone = play(0, "Gone");
    store({gone, play(10, "Old"), play(900, "Blue")});
    store({}, {gone.id});
    EXPECT_EQ(store_.waiting(deadline_), 2);
    EXPECT_EQ(monitors_.forget(now_ + seconds(500), deadline_), 1);
    EXPECT_EQ(claim()->play.title, "Blue");
    EXPECT_EQ(monitors_.remove(station_.id, deadline_), true);
    EXPECT_EQ(store_.waiting(deadline_), 0);
}

TEST_P(CatalogDeliveries, AreDroppedWhenTheyAreOld) {
    store({play(0, "Blue"), play(200, "Red")});
    EXPECT_EQ(store_.drop(catalog::current_timestamp() - hours(1), deadline_), 0);
    EXPECT_EQ(store_.drop(catalog::current_timestamp() + hours(1), deadline_), 2);
    EXPECT_EQ(claim(), std::nullopt);
    EXPECT_EQ(monitors_.plays({}, 0, 10, deadline_)->total, 2) << "the log keeps the plays";
}

}  // namespace
}  // namespace audio_ident::test
