#include "monitor/webhook/courier.hpp"

#include <deque>
#include <gmock/gmock.h>
#include <vector>

#include "support/fake_deliveries.hpp"

namespace audio_ident::monitor {
namespace {

using catalog::Delivery;
using catalog::Timestamp;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;

constexpr long kDown = 0;  // no answer

/// A courier with a receiver that gives these answers, and then 200 for ever.
class CourierTest : public testing::Test {
  protected:
    void add(const std::string& title) {
        catalog::PlayRow play;
        play.id = Uuid::random();
        play.title = title;
        play.final = true;
        store_.add(play, "One", now_);
    }
    Courier courier(const std::string& service = "a") {
        return Courier(
            {store_, [](const Delivery& delivery) { return delivery.play.title; },
             [this](const std::string& id, const std::string& body, const Deadline&) { return answer(id, body); }},
            service);
    }
    Result<curl::Reply> answer(const std::string& id, const std::string& body) {
        ids_.push_back(id);
        bodies_.push_back(body);
        if (answers_.empty()) return curl::Reply{200, ""};
        const long status = answers_.front();
        answers_.pop_front();
        if (status == kDown) return fail(ErrorKind::not_available, "Couldn't connect to server");
        return curl::Reply{status, "no"};
    }
    /// What the receiver got in the time, when the courier does all that it can.
    std::vector<std::string> got_in(Courier& courier, seconds time) {
        bodies_.clear();
        for (const auto end = now_ + time; now_ < end;) now_ += std::max(courier.step(now_), milliseconds(1));
        return bodies_;
    }
    std::int64_t waiting() { return store_.waiting({}).value(); }

    test::FakeDeliveries store_;
    Timestamp now_{std::chrono::sys_days(std::chrono::year(2026) / 2 / 14)};
    std::deque<long> answers_;
    std::vector<std::string> ids_;
    std::vector<std::string> bodies_;
};

TEST_F(CourierTest, BringsWhatWaitsInOrder) {
    auto courier = this->courier();
    EXPECT_THAT(got_in(courier, seconds(5)), IsEmpty());
    add("Blue");
    add("Red");
    EXPECT_THAT(got_in(courier, seconds(5)), ElementsAre("Blue", "Red"));
    EXPECT_EQ(waiting(), 0);
    EXPECT_THAT(got_in(courier, seconds(5)), IsEmpty());
    EXPECT_THAT(courier.metrics(), AllOf(HasSubstr("\naudioident_webhook_delivered_total 2\n"),
                                         HasSubstr("\naudioident_webhook_waiting 0\n")));
}

TEST_F(CourierTest, TriesAgainAndLetsLaterOnesWait) {
    answers_ = {500, kDown, 410, 302, 404};
    add("Blue");
    add("Red");
    auto courier = this->courier();
    EXPECT_THAT(got_in(courier, seconds(60)), ElementsAre("Blue", "Blue", "Blue", "Blue", "Blue", "Blue", "Red"));
    EXPECT_EQ(ids_.front(), ids_[5]) << "the same event";
    EXPECT_NE(ids_.front(), ids_[6]);
    EXPECT_THAT(courier.metrics(), AllOf(HasSubstr("\naudioident_webhook_delivered_total 2\n"),
                                         HasSubstr("\naudioident_webhook_failed_attempts_total 5\n")));
}

TEST_F(CourierTest, WaitsLongerAfterEachFailureAndAnHourAtMost) {
    std::mt19937 random(1);
    for (const auto& [failures, most] : {std::pair(1, seconds(1)),
                                         {2, seconds(2)},
                                         {5, seconds(16)},
                                         {12, seconds(2048)},
                                         {13, seconds(3600)},
                                         {1'000'000, seconds(3600)}})
        for (int i = 0; i < 20; ++i)
            EXPECT_THAT(pause_before_next_try(failures, random), AllOf(Ge(most / 2), Le(most))) << failures;
}

TEST_F(CourierTest, WaitsShortlyAgainAfterASuccess) {
    answers_ = std::deque<long>(8, 503);
    add("Blue");
    auto courier = this->courier();
    got_in(courier, seconds(300));
    EXPECT_EQ(waiting(), 0);
    add("Red");
    answers_ = {503};
    EXPECT_THAT(got_in(courier, seconds(3)), ElementsAre("Red", "Red"));
}

TEST_F(CourierTest, TriesAtOnceWhenItStartsAgain) {
    answers_ = std::deque<long>(20, 503);
    add("Blue");
    auto first = courier();
    got_in(first, hours(3));
    answers_.clear();
    auto second = courier();
    EXPECT_THAT(got_in(second, seconds(1)), ElementsAre("Blue"));
}

TEST_F(CourierTest, LeavesItToAnotherServiceThatTries) {
    answers_ = std::deque<long>(20, 503);
    add("Blue");
    auto first = courier("a");
    auto second = courier("b");
    got_in(first, seconds(60));
    EXPECT_THAT(got_in(second, seconds(20)), IsEmpty()) << "its next try has its time";
    answers_.clear();
    EXPECT_THAT(got_in(second, hours(1)), ElementsAre("Blue")) << "the other one is gone";
}

TEST_F(CourierTest, GivesUpWhatIsOld) {
    answers_ = std::deque<long>(20, 503);
    add("Blue");
    auto courier = this->courier();
    got_in(courier, hours(2));
    now_ += days(6);
    got_in(courier, hours(2));
    EXPECT_EQ(waiting(), 1);
    add("Red");
    answers_.clear();
    now_ += days(2);
    EXPECT_THAT(got_in(courier, hours(2)), ElementsAre("Red"));
    EXPECT_THAT(courier.metrics(), HasSubstr("\naudioident_webhook_dropped_total 1\n"));
}

TEST_F(CourierTest, StopsInTheMiddleOfATry) {
    add("Blue");
    auto courier = this->courier();
    std::stop_source stop;
    stop.request_stop();
    answers_ = {kDown};
    courier.step(now_, stop.get_token());
    EXPECT_THAT(courier.metrics(), HasSubstr("\naudioident_webhook_failed_attempts_total 0\n"));
    EXPECT_EQ(waiting(), 1);
}

}  // namespace
}  // namespace audio_ident::monitor
