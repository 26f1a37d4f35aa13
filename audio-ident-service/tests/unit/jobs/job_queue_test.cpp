#include "jobs/job_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "fakes.hpp"

namespace audio_ident::jobs {
namespace {

using ::testing::ElementsAre;

class JobQueueTest : public ::testing::Test {
  protected:
    std::unique_ptr<JobQueue> open() { return *JobQueue::open(std::make_unique<FakeStore>(disk_), worker_.run()); }

    static Uuid add(JobQueue& queue, const std::string& folder) {
        return queue.add(IngestWork{.directory = folder})->id;
    }
    static Job wait_for_end(const JobQueue& queue, const Uuid& id) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (std::chrono::steady_clock::now() < end) {
            auto job = **queue.find(id);
            if (has_ended(job)) return job;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        ADD_FAILURE() << "the job does not end";
        return **queue.find(id);
    }

    Disk disk_;
    Worker worker_;
};

TEST_F(JobQueueTest, JobsRunOneAfterTheOtherInTheOrderTheyCame) {
    const auto queue = open();
    const auto first = add(*queue, "hold");
    for (const char* folder : {"b", "a", "d", "c"}) add(*queue, folder);
    const auto last = add(*queue, "z");
    worker_.wait_for(1);
    EXPECT_THAT(worker_.begun(), ElementsAre("hold"));
    EXPECT_EQ((*queue->find(last))->status, Status::queued);
    ASSERT_TRUE(queue->cancel(first));
    EXPECT_EQ(wait_for_end(*queue, last).status, Status::finished);
    EXPECT_THAT(worker_.begun(), ElementsAre("hold", "b", "a", "d", "c", "z"));
}

TEST_F(JobQueueTest, AJobShowsItsWorkAndIsStoredWhenItEnds) {
    const auto queue = open();
    const auto id = add(*queue, "a");
    const auto job = wait_for_end(*queue, id);
    EXPECT_EQ(std::get<IngestWork>(job.work).progress.files_done, 7);
    EXPECT_GE(*job.finished_at, job.created_at);
    EXPECT_EQ(disk_.at(id).status, Status::finished);
}

TEST_F(JobQueueTest, AJobThatFailsSaysWhyAndTheNextOneRuns) {
    const auto queue = open();
    const auto failing = add(*queue, "fails");
    const auto next = add(*queue, "a");
    EXPECT_EQ(wait_for_end(*queue, next).status, Status::finished);
    EXPECT_EQ((*queue->find(failing))->status, Status::failed);
    EXPECT_EQ((*queue->find(failing))->error, "it is broken");
    EXPECT_EQ(disk_.at(failing).error, "it is broken");
}

TEST_F(JobQueueTest, QueuedJobsAreCancelledAtOnceAndRunningOnesWhenTheyNotice) {
    const auto queue = open();
    const auto running = add(*queue, "hold");
    const auto waiting = add(*queue, "a");
    worker_.wait_for(1);
    EXPECT_EQ((*queue->cancel(waiting))->status, Status::cancelled);
    EXPECT_EQ(disk_.at(waiting).status, Status::cancelled);
    ASSERT_TRUE(queue->cancel(running));
    EXPECT_EQ(wait_for_end(*queue, running).status, Status::cancelled);
    EXPECT_EQ((*queue->cancel(running))->status, Status::cancelled) << "once is enough";
    EXPECT_EQ(*queue->cancel(Uuid::random()), std::nullopt);
    EXPECT_THAT(worker_.begun(), ElementsAre("hold"));
}

TEST_F(JobQueueTest, RemovedJobsAreGoneAtOnceAndTheirFilesWhenTheyDoNotRunAnyMore) {
    const auto queue = open();
    const auto running = add(*queue, "hold");
    const auto waiting = add(*queue, "a");
    worker_.wait_for(1);
    EXPECT_EQ(*queue->remove(waiting), true);
    EXPECT_EQ(*queue->remove(running), true);
    EXPECT_EQ(*queue->remove(running), false) << "it was removed";
    EXPECT_EQ(*queue->find(running), std::nullopt);
    EXPECT_EQ(*queue->find(waiting), std::nullopt);
    EXPECT_EQ(disk_.count(), 0U);
    wait_for_end(*queue, add(*queue, "b"));
    EXPECT_THAT(disk_.cleaned(), ElementsAre(waiting, running));
    EXPECT_THAT(worker_.begun(), ElementsAre("hold", "b"));
    EXPECT_EQ(*queue->remove(Uuid::random()), false);
}

TEST_F(JobQueueTest, AJobThatOnlyTheStoreKnowsCanBeRemoved) {
    const auto queue = open();
    const auto id = Uuid::random();
    disk_.jobs[id] = Job{.id = id, .status = Status::finished};
    EXPECT_EQ(*queue->remove(id), true);
    EXPECT_EQ(disk_.count(), 0U);
}

TEST_F(JobQueueTest, AJobThatCannotBeRemovedStays) {
    const auto queue = open();
    const auto id = add(*queue, "hold");
    worker_.wait_for(1);
    {
        const std::lock_guard lock(disk_.mutex);
        disk_.full = true;
    }
    EXPECT_EQ(queue->remove(id).error().kind, ErrorKind::not_available);
    EXPECT_EQ((*queue->find(id))->status, Status::running);
    EXPECT_EQ(queue->glance(id).job->status, Status::running);
}

TEST_F(JobQueueTest, WhatTheServicesEndInterruptedRunsAgain) {
    auto queue = open();
    const auto running = add(*queue, "hold");
    const auto waiting = add(*queue, "a");
    worker_.wait_for(1);
    queue.reset();
    EXPECT_EQ(disk_.at(running).status, Status::running) << "as a kill would have left it";

    queue = open();
    worker_.wait_for(2);
    EXPECT_EQ((*queue->find(running))->restarts, 1);
    ASSERT_TRUE(queue->cancel(running));
    EXPECT_EQ(wait_for_end(*queue, waiting).status, Status::finished);
    EXPECT_EQ((*queue->find(waiting))->restarts, 0);
    EXPECT_THAT(worker_.begun(), ElementsAre("hold", "hold", "a"));
}

TEST_F(JobQueueTest, AnEndedJobStaysEndedAtTheNextStart) {
    auto queue = open();
    const auto id = add(*queue, "a");
    wait_for_end(*queue, id);
    queue = open();
    EXPECT_EQ((*queue->find(id))->status, Status::finished);
    wait_for_end(*queue, add(*queue, "b"));
    EXPECT_THAT(worker_.begun(), ElementsAre("a", "b"));
}

TEST_F(JobQueueTest, AJobThatCannotBeStoredIsNotTaken) {
    const auto queue = open();
    const auto waiting = [&] {
        add(*queue, "hold");
        worker_.wait_for(1);
        return add(*queue, "a");
    }();
    {
        const std::lock_guard lock(disk_.mutex);
        disk_.full = true;
    }
    EXPECT_EQ(queue->add(IngestWork{.directory = "b"}).error().kind, ErrorKind::not_available);
    EXPECT_EQ(queue->cancel(waiting).error().kind, ErrorKind::not_available);
    EXPECT_EQ((*queue->find(waiting))->status, Status::queued) << "what is shown is what is stored";
}

TEST_F(JobQueueTest, AStoreThatCannotBeReadIsAFailure) {
    disk_.full = true;
    EXPECT_EQ(JobQueue::open(std::make_unique<FakeStore>(disk_), worker_.run()).error().message, "no disk");
}

TEST_F(JobQueueTest, HasABoundOnWaitingJobsAndOnEndedOnes) {
    const auto queue = open();
    const auto first = add(*queue, "hold");
    worker_.wait_for(1);
    for (std::size_t i = 1; i < JobQueue::kMaxQueued; ++i) add(*queue, "a");
    EXPECT_EQ(queue->add(IngestWork{.directory = "a"}).error().kind, ErrorKind::not_available);
    ASSERT_TRUE(queue->cancel(first));
    worker_.wait_for(JobQueue::kMaxQueued);
    Uuid last = first;
    for (int i = 0; i < 3; ++i) wait_for_end(*queue, last = add(*queue, "b"));
    EXPECT_EQ(*queue->find(first), std::nullopt) << "the oldest is forgotten";
    EXPECT_TRUE(*queue->find(last));
    EXPECT_LE(disk_.count(), JobQueue::kMaxEnded + 1);
}

}  // namespace
}  // namespace audio_ident::jobs
