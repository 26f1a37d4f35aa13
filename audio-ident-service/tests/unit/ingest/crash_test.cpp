#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>

#include "ingest/commit/store_check.hpp"
#include "library.hpp"

namespace audio_ident::ingest {
namespace {

using test::Library;
using test::StoredState;

/// A library in which everything that an ingest can meet has happened since the last one.
struct BusyLibrary : Library {
    BusyLibrary() {
        put("changed.mp3", "song 1 100");
        put("moved.mp3", "song 2 100");
        put("overwritten.mp3", "song 3 100");
        put("same.mp3", "song 4 100");
        put("swapped1.mp3", "song 5 100");
        put("swapped2.mp3", "song 6 100");
        put("vanished.mp3", "song 7 100");
        run();
        before = disk.state();
        put("changed.mp3", "song 11 100");
        move("moved.mp3", "moved-here.mp3");
        put("overwritten.mp3", "song 4 100");
        move("swapped1.mp3", "x");
        move("swapped2.mp3", "swapped1.mp3");
        move("x", "swapped2.mp3");
        remove("vanished.mp3");
        put("new1.mp3", "song 21 100");
        put("new2.mp3", "song 22 100");
        put("new3.mp3", "song 23 100");
        put("copy.mp3", "song 21 100");
        put("like.mp3", "song 24 105 " + std::string("music"));
        put("like2.mp3", "song 25 105 " + std::string("music"));
    }

    IngestReport run_pruning() {
        IngestRequest all = request();
        all.prune = Prune::remove;
        all.batch.max_tracks = 3;
        return run(all);
    }

    StoredState before;
    const std::vector<std::string> after{
        "changed.mp3: song 11",   "copy.mp3: song 21",    "like.mp3: song 24",
        "moved-here.mp3: song 2", "new2.mp3: song 22",    "new3.mp3: song 23",
        "same.mp3: song 4",       "swapped1.mp3: song 6", "swapped2.mp3: song 5",
    };
};

/// The rows that a search would show, which are ready. Each must be complete.
void expect_nothing_half(const Library& library, const StoredState& state) {
    StoredState visible;
    for (const auto& [id, row] : state.rows) {
        if (row.state != catalog::TrackState::ready) continue;
        visible.rows[id] = row;
        if (state.entries.contains(id)) visible.entries[id] = state.entries.at(id);
    }
    for (const std::string& line : library.describe(visible)) EXPECT_EQ(line.find('('), std::string::npos) << line;
}

std::vector<StoredState> states_at_every_change(BusyLibrary& library) {
    std::vector<StoredState> states;
    library.disk.before_change = [&](const std::string&) -> std::optional<Error> {
        states.push_back(library.disk.state());
        return std::nullopt;
    };
    library.run_pruning();
    library.disk.before_change = {};
    return states;
}

void expect_same_tracks_keep_their_ids(const BusyLibrary& library) {
    std::map<std::string, TrackId> former;
    for (const auto& [id, row] : library.before.rows) former[row.title] = id;
    EXPECT_EQ(library.id_of("changed.mp3"), former.at("song 1"));
    EXPECT_EQ(library.id_of("moved-here.mp3"), former.at("song 2"));
    EXPECT_EQ(library.id_of("same.mp3"), former.at("song 4"));
    EXPECT_EQ(library.id_of("swapped2.mp3"), former.at("song 5"));
    EXPECT_EQ(library.id_of("swapped1.mp3"), former.at("song 6"));
}

TEST(Crash, AtAnyInstantLeavesNothingHalfVisibleAndTheNextRunCompletesIt) {
    BusyLibrary library;
    const auto states = states_at_every_change(library);
    ASSERT_EQ(library.tracks(), library.after);
    ASSERT_GT(states.size(), 10U);
    for (std::size_t i = 0; i < states.size(); ++i) {
        SCOPED_TRACE("killed before change " + std::to_string(i));
        expect_nothing_half(library, states[i]);
        library.disk.set_state(states[i]);
        const IngestReport report = library.run_pruning();
        EXPECT_FALSE(report.fatal);
        EXPECT_EQ(library.tracks(), library.after);
        expect_same_tracks_keep_their_ids(library);
    }
}

TEST(Crash, OfTheRunThatCompletesACrashedOneIsCompletedToo) {
    BusyLibrary library;
    const auto states = states_at_every_change(library);
    for (std::size_t i = 0; i < states.size(); i += 3) {
        library.disk.set_state(states[i]);
        const auto second = states_at_every_change(library);
        for (std::size_t j = 0; j < second.size(); j += 2) {
            SCOPED_TRACE("killed before change " + std::to_string(i) + ", then " + std::to_string(j));
            expect_nothing_half(library, second[j]);
            library.disk.set_state(second[j]);
            library.run_pruning();
            EXPECT_EQ(library.tracks(), library.after);
            expect_same_tracks_keep_their_ids(library);
        }
    }
}

TEST(Crash, APendingTrackThatIsWholeInTheIndexIsNotAnalysedAgain) {
    Library library;
    library.put("a.mp3", "song 1 100");
    library.run();
    StoredState state = library.disk.state();
    state.rows.begin()->second.state = catalog::TrackState::pending;
    library.disk.set_state(state);
    const IngestReport report = library.run();
    EXPECT_EQ(report.unchanged, 1);
    EXPECT_EQ(library.analyses, 0);
    EXPECT_THAT(library.tracks(), testing::ElementsAre("a.mp3: song 1"));
}

TEST(Crash, AHalfDoneTrackOutsideOfTheScannedFoldersIsCompleted) {
    Library library;
    library.put("one/a.mp3", "song 1 100");
    library.put("two/b.mp3", "song 2 100");
    library.run();
    StoredState state = library.disk.state();
    state.entries.erase(library.id_of("one/a.mp3"));
    library.disk.set_state(state);
    IngestRequest request = library.request();
    request.paths = {library.root / "two"};
    const IngestReport report = library.run(request);
    EXPECT_EQ(report.updated, 1);
    EXPECT_THAT(library.tracks(), testing::ElementsAre("one/a.mp3: song 1", "two/b.mp3: song 2"));
}

TEST(StoreFailure, AtAnyChangeEndsTheRunAndTheNextOneCompletesIt) {
    for (int failing = 0;; ++failing) {
        SCOPED_TRACE("failing at change " + std::to_string(failing));
        BusyLibrary library;
        int changes = 0;
        library.disk.before_change = [&](const std::string&) -> std::optional<Error> {
            if (changes++ < failing) return std::nullopt;
            return Error{ErrorKind::not_available, "the disk is full", {}};
        };
        const IngestReport report = library.run_pruning();
        expect_nothing_half(library, library.disk.state());
        if (changes <= failing) break;
        ASSERT_TRUE(report.fatal);
        EXPECT_EQ(report.fatal->message, "the disk is full");
        EXPECT_EQ(report.fatal->kind, ErrorKind::not_available);
        EXPECT_EQ(changes, failing + 1) << "nothing is tried after a failure";

        library.disk.before_change = {};
        library.run_pruning();
        EXPECT_EQ(library.tracks(), library.after);
    }
}

TEST(StoreFailure, OfReadsEndsTheRun) {
    Library library;
    library.put("a.mp3", "song 1 100");
    library.before_analysis = [&](const std::string&) {
        library.disk.catalog.set_failure(Error{ErrorKind::not_available, "the database is gone", {}});
    };
    const IngestReport report = library.run();
    ASSERT_TRUE(report.fatal);
    EXPECT_EQ(report.fatal->message, "the database is gone");
    EXPECT_TRUE(library.disk.catalog.rows().empty());
}

TEST(Stop, KeepsWhatIsCommittedAndSaysSo) {
    Library library;
    for (int i = 10; i < 60; ++i) {
        library.put("song" + std::to_string(i) + ".mp3", "song " + std::to_string(i) + " 100");
    }
    library.before_analysis = [&](const std::string& name) {
        if (name == "song30.mp3") library.stop.request_stop();
    };
    IngestRequest request = library.request();
    request.threads = 1;  // a second thread could be ahead by any amount
    const IngestReport report = library.run(request);
    EXPECT_TRUE(report.interrupted);
    EXPECT_FALSE(report.fatal);
    EXPECT_EQ(report.ingested, 20);
    EXPECT_EQ(library.tracks().size(), static_cast<std::size_t>(report.ingested));
    expect_nothing_half(library, library.disk.state());
    EXPECT_EQ(library.disk.index.compactions, 0);

    library.stop = std::stop_source();
    library.before_analysis = {};
    const IngestReport rest = library.run();
    EXPECT_EQ(rest.unchanged, report.ingested);
    EXPECT_EQ(rest.ingested + rest.unchanged, 50);
}

TEST(StoreCheck, TellsEveryDifferenceOfTheStores) {
    Library library;
    for (const char* number : {"1", "2", "3", "4"}) {
        library.put(std::string(number) + ".mp3", std::string("song ") + number + " 100");
    }
    library.run();
    StoredState state = library.disk.state();
    const TrackId finished = library.id_of("1.mp3");
    const TrackId unfinished = library.id_of("2.mp3");
    const TrackId unindexed = library.id_of("3.mp3");
    const TrackId orphan = TrackId::random();
    state.rows[finished].state = catalog::TrackState::pending;
    state.rows[unfinished].state = catalog::TrackState::pending;
    state.entries.erase(unfinished);
    state.entries.erase(unindexed);
    state.entries[orphan] = {};

    library.disk.set_state(state);
    std::vector<std::string> whole;
    const auto found = compare_stores(
        {library.disk.catalog, library.disk.index},
        [&](const catalog::FileRecord& row) { whole.push_back(row.file_path); }, Deadline());
    ASSERT_TRUE(found);
    EXPECT_THAT(found->finished, testing::ElementsAre(finished));
    ASSERT_EQ(found->unfinished.size(), 1U);
    EXPECT_EQ(found->unfinished[0].id, unfinished);
    EXPECT_EQ(found->unfinished[0].file_path, library.path_text("2.mp3"));
    ASSERT_EQ(found->unindexed.size(), 1U);
    EXPECT_EQ(found->unindexed[0].id, unindexed);
    EXPECT_THAT(found->orphans, testing::ElementsAre(orphan));
    EXPECT_THAT(whole, testing::ElementsAre(library.path_text("4.mp3")));
    EXPECT_FALSE(found->none());
    EXPECT_TRUE(library.disk.index.entries().contains(orphan)) << "comparing changes nothing";
}

}  // namespace
}  // namespace audio_ident::ingest
