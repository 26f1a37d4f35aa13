#include "ingest/rebuild_index.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "library.hpp"

namespace audio_ident::ingest {
namespace {

using test::Library;
using testing::ElementsAre;
using testing::IsEmpty;

class RebuildIndex : public testing::Test {
  protected:
    RebuildIndex() {
        for (const char* number : {"1", "2", "3"}) {
            library.put(std::string(number) + ".mp3", std::string("song ") + number + " 100");
        }
        library.run();
    }
    PassReport rebuild(PassScope scope = PassScope::all) {
        PassRequest request;
        request.scope = scope;
        request.threads = 2;
        request.batch.max_tracks = 2;
        return library.with_parts(
            [&](const IngestParts& parts) { return rebuild_index(parts, request, library, library.stop.get_token()); });
    }

    Library library;
    const std::vector<std::string> whole{"1.mp3: song 1", "2.mp3: song 2", "3.mp3: song 3"};
};

TEST_F(RebuildIndex, FillsALostIndexFromTheFiles) {
    library.disk.index.set_entries({});
    const PassReport report = rebuild();
    EXPECT_FALSE(report.fatal);
    EXPECT_EQ(report.total, 3);
    EXPECT_EQ(report.done, 3);
    EXPECT_DOUBLE_EQ(report.seconds_of_audio, 300);
    EXPECT_EQ(library.tracks(), whole);
}

TEST_F(RebuildIndex, ReplacesEveryEntryAndKeepsTracksSearchableMeanwhile) {
    auto entries = library.disk.index.entries();
    for (auto& entry : entries) entry.second.params_version = 77;
    library.disk.index.set_entries(entries);
    library.disk.before_change = [&](const std::string&) -> std::optional<Error> {
        EXPECT_EQ(library.tracks(), whole);
        return std::nullopt;
    };
    EXPECT_EQ(rebuild().done, 3);
    for (const auto& entry : library.disk.index.entries()) EXPECT_NE(entry.second.params_version, 77U);
}

TEST_F(RebuildIndex, RemovesOrphansAndCompletesHalfDoneTracks) {
    auto state = library.disk.state();
    state.entries[TrackId::random()] = {};
    state.rows.at(library.id_of("1.mp3")).state = catalog::TrackState::pending;
    state.rows.at(library.id_of("2.mp3")).state = catalog::TrackState::pending;
    state.entries.erase(library.id_of("2.mp3"));
    library.disk.set_state(state);
    EXPECT_EQ(rebuild().done, 3);
    EXPECT_EQ(library.tracks(), whole);
}

TEST_F(RebuildIndex, OfWhatIsMissingLeavesTheRestAlone) {
    auto entries = library.disk.index.entries();
    entries.erase(library.id_of("2.mp3"));
    library.disk.index.set_entries(entries);
    const PassReport report = rebuild(PassScope::missing);
    EXPECT_EQ(report.total, 1);
    EXPECT_EQ(report.done, 1);
    EXPECT_EQ(library.analyses, 1);
    EXPECT_EQ(library.tracks(), whole);
}

TEST_F(RebuildIndex, OfWhatIsMissingBringsOlderFingerprintsUpToDate) {
    auto entries = library.disk.index.entries();
    entries.at(library.id_of("2.mp3")).params_version = 1;
    entries[TrackId::random()].params_version = 1;  // an orphan, which goes
    library.disk.index.set_entries(entries);
    EXPECT_EQ(rebuild(PassScope::missing).done, 1);
    EXPECT_EQ(library.analyses, 1);
    EXPECT_EQ(library.tracks(), whole);
    for (const auto& entry : library.disk.index.entries()) EXPECT_NE(entry.second.params_version, 1U);
}

TEST_F(RebuildIndex, ReportsMissingAndChangedFilesAndKeepsTheirTracks) {
    library.remove("1.mp3");
    library.put("2.mp3", "song 7 100 or so");
    const PassReport report = rebuild();
    EXPECT_EQ(report.done, 1);
    EXPECT_THAT(report.missing_files, ElementsAre(library.path_text("1.mp3")));
    ASSERT_EQ(report.errors.size(), 1U);
    EXPECT_EQ(report.errors[0].file, library.path_text("2.mp3"));
    EXPECT_EQ(library.tracks(), whole);
}

TEST_F(RebuildIndex, ATouchedFileIsNoChangedOne) {
    library.set_time("1.mp3", 1'800'000'000);
    const PassReport report = rebuild();
    EXPECT_EQ(report.done, 3);
    EXPECT_THAT(report.errors, IsEmpty());
}

TEST_F(RebuildIndex, StopsCleanlyAndGoesOnWithWhatIsMissing) {
    library.disk.index.set_entries({});
    library.before_analysis = [&](const std::string& name) {
        if (name != "1.mp3") library.stop.request_stop();
    };
    const PassReport report = rebuild();
    EXPECT_TRUE(report.interrupted);
    EXPECT_FALSE(report.fatal);
    EXPECT_LT(report.done, 3);

    library.stop = std::stop_source();
    library.before_analysis = {};
    EXPECT_EQ(rebuild(PassScope::missing).done, 3 - report.done);
    EXPECT_EQ(library.tracks(), whole);
}

TEST_F(RebuildIndex, EndsWhenAStoreFails) {
    library.disk.before_change = [](const std::string& change) -> std::optional<Error> {
        if (change != "index add") return std::nullopt;
        return Error{ErrorKind::not_available, "the disk is full", {}};
    };
    const PassReport report = rebuild();
    ASSERT_TRUE(report.fatal);
    EXPECT_EQ(report.fatal->message, "the disk is full");
    EXPECT_EQ(library.tracks(), whole);
}

}  // namespace
}  // namespace audio_ident::ingest
