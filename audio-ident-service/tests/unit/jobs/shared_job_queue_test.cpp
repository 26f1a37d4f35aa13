#include "jobs/shared_job_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <string>

#include "fakes.hpp"

namespace audio_ident::jobs {
namespace {

using catalog::JobLeases;
using ::testing::ElementsAre;

constexpr SharedJobQueue::Pace kFast{
    .look = std::chrono::milliseconds(1), .renew = std::chrono::milliseconds(1), .retry = std::chrono::milliseconds(1)};

/// Stands for the database's table of leases, which end when the test says so.
struct Table {
    struct Row {
        std::string service;
        bool cancelled = false;
    };
    std::mutex mutex;
    std::map<Uuid, Row> rows;

    /// As when a lease ends and another service takes the job.
    void hand_over(const Uuid& job, const std::string& service) {
        const std::lock_guard lock(mutex);
        rows.at(job).service = service;
    }
    std::string holder_of(const Uuid& job) {
        const std::lock_guard lock(mutex);
        const auto found = rows.find(job);
        return found == rows.end() ? std::string() : found->second.service;
    }
};

class FakeLeases final : public JobLeases {
  public:
    FakeLeases(Table& table, std::string service) : table_(table), service_(std::move(service)) {}

    Result<bool> take(const Uuid& job, const Deadline&) override {
        const std::lock_guard lock(table_.mutex);
        const auto [row, added] = table_.rows.try_emplace(job, Table::Row{service_});
        return added || row->second.service == service_;
    }
    Result<Held> renew(const Uuid& job, const Deadline&) override {
        const std::lock_guard lock(table_.mutex);
        const auto found = table_.rows.find(job);
        if (found == table_.rows.end() || found->second.service != service_) return Held::no;
        return found->second.cancelled ? Held::cancelled : Held::yes;
    }
    Result<void> release(const Uuid& job, const Deadline&) override {
        const std::lock_guard lock(table_.mutex);
        const auto found = table_.rows.find(job);
        if (found != table_.rows.end() && found->second.service == service_) table_.rows.erase(found);
        return {};
    }
    Result<bool> cancel(const Uuid& job, const Deadline&) override {
        const std::lock_guard lock(table_.mutex);
        const auto found = table_.rows.find(job);
        if (found == table_.rows.end()) return false;
        found->second.cancelled = true;
        return true;
    }

  private:
    Table& table_;
    std::string service_;
};

/// A service with a queue of its own, on the disk and the table that all share.
struct TestService {
    TestService(Disk& disk, Table& table, const std::string& name) : leases(table, name) {
        queue = *SharedJobQueue::open(std::make_unique<FakeStore>(disk), leases, worker.run(), kFast);
    }

    Worker worker;
    FakeLeases leases;
    std::unique_ptr<SharedJobQueue> queue;
};

class SharedJobQueueTest : public ::testing::Test {
  protected:
    std::unique_ptr<TestService> service(const std::string& name) {
        return std::make_unique<TestService>(disk_, table_, name);
    }
    static Uuid add(Jobs& queue, const std::string& folder) { return queue.add(IngestWork{.directory = folder})->id; }
    /// Waits until a job is as `wanted` says, as this service sees it.
    template <typename Wanted>
    static Job wait_until(const Jobs& queue, const Uuid& id, const Wanted& wanted) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (std::chrono::steady_clock::now() < end) {
            const auto job = *queue.find(id);
            if (job && wanted(*job)) return *job;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        throw std::runtime_error("the job never becomes what it should");
    }
    static Job wait_for_end(const Jobs& queue, const Uuid& id) { return wait_until(queue, id, &has_ended); }
    static bool is_running(const Job& job) { return job.status == Status::running; }

    Disk disk_;
    Table table_;
};

TEST_F(SharedJobQueueTest, EachJobRunsOnceAndEveryServiceKnowsIt) {
    const auto first = service("first");
    const auto second = service("second");
    std::set<Uuid> jobs;
    for (int i = 0; i < 20; ++i) jobs.insert(add(*first->queue, std::to_string(i)));
    for (const Uuid& id : jobs) {
        EXPECT_EQ(wait_for_end(*second->queue, id).status, Status::finished);
        EXPECT_EQ(wait_for_end(*first->queue, id).status, Status::finished);
    }
    EXPECT_EQ(first->worker.begun().size() + second->worker.begun().size(), 20U);
}

TEST_F(SharedJobQueueTest, AnotherServiceShowsHowFarAJobIs) {
    const auto first = service("first");
    const auto id = add(*first->queue, "hold");
    first->worker.wait_for(1);
    const auto second = service("second");
    const auto job = wait_until(
        *second->queue, id, [](const Job& shown) { return std::get<IngestWork>(shown.work).progress.files_done == 7; });
    EXPECT_EQ(job.status, Status::running);
    auto glance = second->queue->glance(id);
    for (; glance.busy; glance = second->queue->glance(id)) std::this_thread::yield();
    EXPECT_EQ(glance.job->status, Status::running);
    EXPECT_EQ(*second->queue->find(Uuid::random()), std::nullopt);
}

TEST_F(SharedJobQueueTest, WhenAServiceDiesAnotherGoesOnWithItsJob) {
    auto first = service("first");
    const auto id = add(*first->queue, "hold");
    first->worker.wait_for(1);
    const auto second = service("second");
    // The first hangs, its lease ends, and it only notices afterwards.
    table_.hand_over(id, "second");
    second->worker.wait_for(1);
    const auto job = wait_until(*second->queue, id, &is_running);
    EXPECT_EQ(job.restarts, 1);
    EXPECT_EQ(table_.holder_of(id), "second");
    first.reset();
    EXPECT_EQ(disk_.at(id).status, Status::running) << "the first stores nothing any more";
    EXPECT_EQ(table_.holder_of(id), "second");
    ASSERT_TRUE(second->queue->cancel(id));
    EXPECT_EQ(wait_for_end(*second->queue, id).status, Status::cancelled);
}

TEST_F(SharedJobQueueTest, AServiceThatEndsGivesItsJobBack) {
    auto first = service("first");
    const auto id = add(*first->queue, "hold");
    first->worker.wait_for(1);
    first.reset();
    EXPECT_EQ(disk_.at(id).status, Status::running);
    EXPECT_EQ(table_.holder_of(id), "");
    const auto second = service("second");
    second->worker.wait_for(1);
    EXPECT_EQ(wait_until(*second->queue, id, &is_running).restarts, 1);
}

TEST_F(SharedJobQueueTest, EveryServiceCanCancelAJobThatRunsAnywhere) {
    const auto first = service("first");
    const auto running = add(*first->queue, "hold");
    first->worker.wait_for(1);
    const auto second = service("second");
    EXPECT_EQ((*second->queue->cancel(running))->status, Status::running) << "until the other one notices";
    EXPECT_EQ(wait_for_end(*second->queue, running).status, Status::cancelled);
    EXPECT_EQ(*second->queue->cancel(Uuid::random()), std::nullopt);
}

TEST_F(SharedJobQueueTest, AJobThatWaitsIsCancelledAtOnce) {
    const auto only = service("only");
    add(*only->queue, "hold");
    only->worker.wait_for(1);
    const auto waiting = add(*only->queue, "a");
    EXPECT_EQ((*only->queue->cancel(waiting))->status, Status::cancelled);
    EXPECT_EQ(disk_.at(waiting).status, Status::cancelled);
    EXPECT_EQ(table_.holder_of(waiting), "");
    EXPECT_THAT(only->worker.begun(), ElementsAre("hold"));
}

TEST_F(SharedJobQueueTest, AJobThatIsRemovedStopsWhereItRuns) {
    const auto first = service("first");
    const auto running = add(*first->queue, "hold");
    first->worker.wait_for(1);
    const auto second = service("second");
    EXPECT_EQ(*second->queue->remove(running), true);
    EXPECT_EQ(*second->queue->find(running), std::nullopt);
    while (disk_.cleaned().empty()) std::this_thread::yield();
    EXPECT_THAT(disk_.cleaned(), ElementsAre(running));
    EXPECT_EQ(*second->queue->remove(running), false);
}

TEST_F(SharedJobQueueTest, AJobThatFailsForAMissingStoreIsTriedAgain) {
    const auto only = service("only");
    const auto broken = add(*only->queue, "fails");
    EXPECT_EQ(wait_for_end(*only->queue, broken).error, "it is broken");
    const auto gone = add(*only->queue, "store gone");
    const auto job = wait_for_end(*only->queue, gone);
    EXPECT_EQ(job.status, Status::failed);
    EXPECT_EQ(job.error, "the store is gone");
    EXPECT_EQ(job.restarts, SharedJobQueue::kMostRestarts);
    EXPECT_EQ(only->worker.begun().size(), 2U + static_cast<std::size_t>(SharedJobQueue::kMostRestarts));
}

TEST_F(SharedJobQueueTest, AStoreThatComesBackIsFoundWithoutARestart) {
    const auto only = service("only");
    {
        const std::lock_guard lock(disk_.mutex);
        disk_.full = true;
    }
    EXPECT_EQ(only->queue->add(IngestWork{.directory = "a"}).error().kind, ErrorKind::not_available);
    {
        const std::lock_guard lock(disk_.mutex);
        disk_.full = false;
    }
    EXPECT_EQ(wait_for_end(*only->queue, add(*only->queue, "a")).status, Status::finished);
}

TEST_F(SharedJobQueueTest, HasABoundOnWaitingJobs) {
    const auto only = service("only");
    for (std::size_t i = 0; i < Jobs::kMaxQueued; ++i) add(*only->queue, "hold");
    EXPECT_EQ(only->queue->add(IngestWork{.directory = "a"}).error().kind, ErrorKind::not_available);
}

}  // namespace
}  // namespace audio_ident::jobs
