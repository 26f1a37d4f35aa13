#include <gmock/gmock.h>
#include <string>

#include "backends.hpp"

namespace audio_ident::test {
namespace {

using catalog::JobStatus;
using catalog::TimelineRow;
using testing::ElementsAre;

class CatalogTimelines : public CatalogTest {
  protected:
    TimelineRow row_at(int second, JobStatus status = JobStatus::queued) const {
        return {.id = Uuid::random(),
                .name = "set",
                .recording = "/music/set.mp3",
                .status = status,
                .created_at = now_ + std::chrono::seconds(second)};
    }
    Uuid add_row(const TimelineRow& row) {
        const auto added = store_.add(row, deadline_);
        EXPECT_TRUE(added) << added.error().message;
        return row.id;
    }
    std::vector<Uuid> listed(std::int64_t offset, std::int64_t limit) {
        std::vector<Uuid> ids;
        const auto page = store_.list(offset, limit, deadline_).value();
        for (const auto& row : page.rows) ids.push_back(row.id);
        return ids;
    }

    catalog::TimelineStore& store_ = catalog_->timelines();
};
INSTANTIATE_TEST_SUITE_P(All, CatalogTimelines, testing::ValuesIn(all_backends()), testing::PrintToStringParamName());

void expect_same(const TimelineRow& stored, const TimelineRow& given) {
    EXPECT_EQ(stored.id, given.id);
    EXPECT_EQ(stored.name, given.name);
    EXPECT_EQ(stored.recording, given.recording);
    EXPECT_EQ(stored.min_confidence, given.min_confidence);
    EXPECT_EQ(stored.status, given.status);
    EXPECT_EQ(stored.created_at, given.created_at);
    EXPECT_EQ(stored.finished_at, given.finished_at);
    EXPECT_EQ(stored.error, given.error);
    EXPECT_EQ(stored.restarts, given.restarts);
    EXPECT_EQ(stored.heard_seconds, given.heard_seconds);
    EXPECT_EQ(stored.total_seconds, given.total_seconds);
    EXPECT_EQ(stored.entries, given.entries);
}

TEST_P(CatalogTimelines, EveryColumnComesBackAsItWas) {
    TimelineRow row = row_at(1, JobStatus::failed);
    row.name.clear();
    for (int i = 0; i < 500; ++i) row.name += "🎧";
    row.recording = "/music/caf\\xE9 \n%_';--.flac";
    row.min_confidence = 0.1 + 0.2;
    row.finished_at = now_ + std::chrono::microseconds(1);
    row.error = "the file is gone: \"'";
    row.restarts = std::int64_t{1} << 40;
    row.heard_seconds = 1.0 / 3;
    row.total_seconds = 86'400.5;
    add_row(row);
    expect_same(**store_.find(row.id, deadline_), row);
    const auto bare = row_at(2);
    add_row(bare);
    expect_same(**store_.find(bare.id, deadline_), bare);
    EXPECT_EQ(*store_.result(bare.id, deadline_), std::nullopt);
    EXPECT_FALSE(store_.find(Uuid::random(), deadline_)->has_value());
}

TEST_P(CatalogTimelines, RefusesWhatIsNoTimeline) {
    const auto row = row_at(1);
    add_row(row);
    EXPECT_EQ(store_.add(row, deadline_).error().kind, ErrorKind::invalid_input) << "the id is known";
    auto nameless = row_at(1);
    nameless.name = "";
    EXPECT_EQ(store_.add(nameless, deadline_).error().kind, ErrorKind::invalid_input);
}

TEST_P(CatalogTimelines, AJobChangesWhatItKnowsAndNothingElse) {
    auto row = row_at(1);
    add_row(row);
    row.status = JobStatus::running;
    row.restarts = 1;
    row.heard_seconds = 7;
    row.total_seconds = 9;
    auto other = row;
    other.name = "renamed";
    other.recording = "/elsewhere";
    EXPECT_EQ(store_.update(other, deadline_), true);
    expect_same(**store_.find(row.id, deadline_), row);
    EXPECT_EQ(store_.update(row_at(1), deadline_), false);
}

TEST_P(CatalogTimelines, KeepsALongResultUntilItIsRemoved) {
    auto row = row_at(1);
    add_row(row);
    const std::string text = "{\"a\":\"" + std::string(3'000'000, 'x') + "é\"}";
    row.status = JobStatus::finished;
    row.finished_at = now_;
    row.entries = 400;
    EXPECT_EQ(store_.finish(row, text, deadline_), true);
    expect_same(**store_.find(row.id, deadline_), row);
    const auto result = **store_.result(row.id, deadline_);
    EXPECT_EQ(result.revision, 0);
    EXPECT_TRUE(result.text == text);
    EXPECT_EQ(store_.finish(row_at(1), text, deadline_), false);

    EXPECT_EQ(store_.remove(row.id, deadline_), true);
    EXPECT_EQ(store_.remove(row.id, deadline_), false);
    EXPECT_EQ(*store_.result(row.id, deadline_), std::nullopt);
}

TEST_P(CatalogTimelines, OfTwoChangesAtOnceOneIsRefused) {
    auto row = row_at(1);
    add_row(row);
    EXPECT_EQ(store_.change(row.id, {"{}", 0}, 1, deadline_), false) << "there is no result yet";
    ASSERT_TRUE(*store_.finish(row, "first", deadline_));
    EXPECT_EQ(store_.change(row.id, {"second", 0}, 3, deadline_), true);
    EXPECT_EQ(store_.change(row.id, {"other", 0}, 4, deadline_), false);
    EXPECT_EQ(**store_.result(row.id, deadline_), (catalog::TimelineResult{"second", 1}));
    EXPECT_EQ((*store_.find(row.id, deadline_))->entries, 3);
    EXPECT_EQ(store_.change(row.id, {"third", 1}, 4, deadline_), true);
}

TEST_P(CatalogTimelines, AreListedNewestFirstInPages) {
    std::vector<Uuid> ids;
    for (const int second : {2, 1, 3, 5, 4}) ids.push_back(add_row(row_at(second)));
    EXPECT_THAT(listed(0, 3), ElementsAre(ids[3], ids[4], ids[2]));
    EXPECT_THAT(listed(3, 3), ElementsAre(ids[0], ids[1]));
    EXPECT_TRUE(listed(1'000'000'000'000, 3).empty());
    EXPECT_EQ(store_.list(3, 0, deadline_)->total, 5);
}

TEST_P(CatalogTimelines, SayWhatTheNextStartContinues) {
    add_row(row_at(1, JobStatus::finished));
    const auto later = add_row(row_at(4, JobStatus::running));
    const auto first = add_row(row_at(2));
    add_row(row_at(3, JobStatus::cancelled));
    const auto rows = store_.unfinished(deadline_);
    ASSERT_EQ(rows->size(), 2U);
    EXPECT_EQ((*rows)[0].id, first);
    EXPECT_EQ((*rows)[1].id, later);
}

TEST_P(CatalogTimelines, DoNotCountAsAChangeOfTheTracks) {
    const auto before = catalog_->generation(deadline_);
    add_row(row_at(1));
    EXPECT_EQ(catalog_->generation(deadline_), before);
}

}  // namespace
}  // namespace audio_ident::test
