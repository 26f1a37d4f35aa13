#include "library/stored_library.hpp"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <gmock/gmock.h>
#include <thread>

#include "memory_backends.hpp"
#include "support/encode.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::library {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int kRate = 16000;

/// A folder of songs and a library over it.
class StoredLibraryTest : public testing::Test {
  protected:
    StoredLibraryTest() { fs::create_directory(music_); }

    static audio_ident::test::Clip song(std::uint64_t seed) { return audio_ident::test::music(seed, 12, kRate); }
    fs::path add_song(std::uint64_t seed, const std::string& name) const {
        return write_song(music_ / name, song(seed));
    }
    static fs::path write_song(const fs::path& path, const audio_ident::test::Clip& clip) {
        const auto bytes = audio_ident::test::wav_bytes(clip);
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return path;
    }
    Result<ingest::IngestReport> ingest(Turn turn = {.purpose = "a test"}, Vectors vectors = Vectors::wanted) {
        return library().ingest({.paths = {music_}, .vectors = vectors}, turn, observer_);
    }
    /// The library as another process opens it.
    StoredLibrary& reopen(const std::string& model = "fake") {
        library_ = std::make_unique<StoredLibrary>(
            backends_, Settings{.data_dir = folder_ / "data", .uploads = folder_ / "uploads", .model = model});
        return *library_;
    }
    StoredLibrary& library() { return library_ ? *library_ : reopen(); }
    std::vector<catalog::Track> tracks() {
        const auto page = library().list({}, {});
        return page ? page->tracks : std::vector<catalog::Track>();
    }

    class Observer final : public ChangeObserver {
      public:
        void on_notice(std::string_view sentence) override { notices.emplace_back(sentence); }
        std::vector<std::string> notices;
    };

    audio_ident::test::TempFolder folder_;
    fs::path music_ = folder_ / "music";
    test::MemoryBackends backends_{folder_ / "index", folder_ / "data"};
    std::unique_ptr<StoredLibrary> library_;
    Observer observer_;
};

TEST_F(StoredLibraryTest, OpensOnlyWhatIsNeeded) {
    EXPECT_FALSE(library().exists());
    const auto none = library().list({}, {});
    ASSERT_FALSE(none);
    EXPECT_THAT(none.error().message, HasSubstr("there is no library"));
    EXPECT_THAT(backends_.opened, IsEmpty());
    backends_.exists = true;
    EXPECT_TRUE(library().list({}, {}));
    EXPECT_THAT(backends_.opened, ElementsAre("catalog"));
}

TEST_F(StoredLibraryTest, WhatWasIngestedIsFoundByBothLanesAndCounted) {
    add_song(1, "one.wav");
    add_song(2, "two.wav");
    const auto report = ingest();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->ingested, 2);
    EXPECT_EQ(report->embedded, 2);
    const auto bytes = audio_ident::test::wav_bytes(audio_ident::test::section(song(2), 3, 6));
    const auto answer = library().identify(bytes, {});
    ASSERT_TRUE(answer) << answer.error().message;
    ASSERT_FALSE((*answer->exact)->empty());
    EXPECT_THAT((*answer->exact)->front().track.file_path, HasSubstr("two.wav"));
    EXPECT_NEAR((*answer->exact)->front().recording.offset_seconds, 3, 0.05);
    EXPECT_EQ((*answer->vibe)->model, "fake");
    const auto counts = library().counts({});
    ASSERT_TRUE(counts);
    EXPECT_EQ(counts->tracks, 2);
    EXPECT_EQ(counts->fingerprinted, 2);
    EXPECT_EQ(counts->embedded, 2);
    EXPECT_EQ(counts->embedding_model, "fake");
}

TEST_F(StoredLibraryTest, WithoutAModelTheExactLaneWorksAndTheDoorIsTold) {
    add_song(1, "one.wav");
    backends_.model_failure = Error{ErrorKind::not_available, "no model", {}};
    const auto report = ingest();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->ingested, 1);
    EXPECT_THAT(observer_.notices, ElementsAre(HasSubstr("no model")));
    const auto readiness = library().readiness({});
    EXPECT_TRUE(readiness.catalog && readiness.fingerprint_index);
    EXPECT_FALSE(readiness.vector_index);
    const auto similar = library().similar({.track = tracks().at(0).id});
    ASSERT_FALSE(similar);
    EXPECT_EQ(similar.error().reason, Reason::lane_unavailable);
}

TEST_F(StoredLibraryTest, SimilarSaysWhenATrackHasNoVectors) {
    add_song(1, "one.wav");
    ASSERT_TRUE(ingest());
    add_song(2, "two.wav");
    ASSERT_TRUE(ingest({.purpose = "a test"}, Vectors::none));
    for (const auto& track : tracks()) {
        const auto similar = library().similar({.track = track.id});
        if (track.file_path.ends_with("one.wav")) {
            EXPECT_TRUE(similar) << similar.error().message;
        } else {
            ASSERT_FALSE(similar);
            EXPECT_THAT(similar.error().message, HasSubstr("audio-ident reembed"));
        }
    }
}

TEST_F(StoredLibraryTest, SettlesWhatAnInterruptedRemovalLeft) {
    add_song(1, "one.wav");
    add_song(2, "two.wav");
    ASSERT_TRUE(ingest());
    EXPECT_EQ(library().settle({}).value(), 0U);
    const auto rows = tracks();
    const auto gone = std::ranges::find_if(rows, [](const auto& row) { return row.file_path.ends_with("two.wav"); });
    ASSERT_TRUE(backends_.rows.remove(gone->id, {}));
    EXPECT_EQ(library().counts({})->fingerprinted, 2);
    EXPECT_EQ(library().settle({}).value(), 1U);
    EXPECT_EQ(library().counts({})->fingerprinted, 1);
    EXPECT_EQ(library().settle({}).value(), 0U);
}

TEST_F(StoredLibraryTest, SettlesWhatAnInterruptedIngestLeft) {
    add_song(1, "one.wav");
    ASSERT_TRUE(ingest());
    auto row = tracks().at(0);
    row.state = catalog::TrackState::pending;
    ASSERT_TRUE(backends_.rows.update(row, {}));
    EXPECT_EQ(library().settle({}).value(), 1U);
    EXPECT_EQ(tracks().at(0).state, catalog::TrackState::ready);
}

TEST_F(StoredLibraryTest, AnIndexWithoutItsCatalogStaysAsItIs) {
    add_song(1, "one.wav");
    add_song(2, "two.wav");
    ASSERT_TRUE(ingest({.purpose = "a test"}, Vectors::none));
    for (const auto& row : tracks()) ASSERT_TRUE(backends_.rows.remove(row.id, {}));
    EXPECT_EQ(library().settle({}).value(), 0U);
    EXPECT_EQ(library().counts({})->fingerprinted, 2);
}

TEST_F(StoredLibraryTest, AnUploadIsStoredByItsContentAndGoesWithItsTrack) {
    const auto sent = write_song(folder_ / "sent", song(5));
    const auto added = library().add({.file = sent, .name = "five.wav"}, {.purpose = "a test"});
    ASSERT_TRUE(added) << added.error().message;
    EXPECT_EQ(added->as, Added::As::new_track);
    const fs::path stored = added->track.file_path;
    EXPECT_EQ(stored.filename(), "five.wav");
    EXPECT_EQ(stored.parent_path().filename().string(), added->track.file_hash_sha256);
    EXPECT_TRUE(fs::exists(stored));
    EXPECT_FALSE(fs::exists(sent));

    const auto again = library().add({.file = write_song(folder_ / "again", song(5)), .name = "x.wav"}, {});
    ASSERT_TRUE(again);
    EXPECT_EQ(again->as, Added::As::duplicate);
    EXPECT_EQ(again->track.id, added->track.id);

    const auto id = added->track.id;
    EXPECT_EQ(library().remove({&id, 1}, Uploads::keep, {}).value(), 1U);
    EXPECT_TRUE(fs::exists(stored));
    const auto readded = library().add({.file = write_song(folder_ / "more", song(5)), .name = "five.wav"}, {});
    ASSERT_TRUE(readded);
    EXPECT_EQ(library().remove({&readded->track.id, 1}, Uploads::remove, {}).value(), 1U);
    EXPECT_FALSE(fs::exists(stored));
    EXPECT_THAT(tracks(), IsEmpty());
}

TEST_F(StoredLibraryTest, AnUploadThatIsHalfStoredKeepsItsFileUntilItIsComplete) {
    backends_.rows.unstorable_state = catalog::TrackState::ready;
    const auto failed = library().add({.file = write_song(folder_ / "sent", song(5)), .name = "five.wav"}, {});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind, ErrorKind::not_available);
    backends_.rows.unstorable_state.reset();

    // The next change completes the track, whoever makes it, so its file must be there.
    add_song(1, "one.wav");
    ASSERT_TRUE(ingest());
    ASSERT_EQ(tracks().size(), 2U);
    for (const auto& track : tracks()) EXPECT_TRUE(fs::exists(track.file_path)) << track.file_path;
    const auto again = library().add({.file = write_song(folder_ / "again", song(5)), .name = "five.wav"}, {});
    ASSERT_TRUE(again);
    EXPECT_EQ(again->as, Added::As::duplicate);
}

TEST_F(StoredLibraryTest, AnUploadWhoseRemovalFailsCanBeRemovedAgain) {
    const auto added = library().add({.file = write_song(folder_ / "sent", song(5)), .name = "five.wav"}, {});
    ASSERT_TRUE(added);
    const auto id = added->track.id;
    backends_.rows.set_failure(Error{ErrorKind::not_available, "the database is gone", {}});
    EXPECT_FALSE(library().remove({&id, 1}, Uploads::remove, {}));
    backends_.rows.set_failure({});
    EXPECT_EQ(library().remove({&id, 1}, Uploads::remove, {}).value(), 1U);
    EXPECT_FALSE(fs::exists(added->track.file_path));
    EXPECT_FALSE(fs::exists(fs::path(added->track.file_path).parent_path())) << "its folder goes too";
}

TEST_F(StoredLibraryTest, AnUploadThatIsNoTrackLeavesNothingBehind) {
    std::ofstream(folder_ / "sent") << "no audio at all";
    const auto refused = library().add({.file = folder_ / "sent", .name = "text.mp3"}, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::unsupported_format);
    const auto brief = write_song(folder_ / "brief", audio_ident::test::section(song(5), 0, 0.5));
    const auto too_short = library().add({.file = brief, .name = "brief.wav"}, {});
    ASSERT_FALSE(too_short);
    EXPECT_EQ(too_short.error().reason, Reason::audio_too_short);
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "uploads")) files += entry.is_regular_file();
    EXPECT_EQ(files, 0U);
}

TEST_F(StoredLibraryTest, AnotherProgramThatWritesIsWaitedForAndNamed) {
    fs::create_directories(folder_ / "data");
    const auto lock = util::FileLock::acquire(folder_ / "data" / "lock", "another ingest", {});
    ASSERT_TRUE(lock);
    const auto report = ingest();
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().kind, ErrorKind::not_available);
    EXPECT_THAT(report.error().message, HasSubstr("another ingest"));
}

TEST_F(StoredLibraryTest, NothingIsWrittenToStoresThatWereReplaced) {
    add_song(1, "one.wav");
    backends_.not_in_place = Error{ErrorKind::not_available, "replaced", {}};
    const auto report = ingest();
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().message, "replaced");
    EXPECT_THAT(backends_.opened, IsEmpty());
}

TEST_F(StoredLibraryTest, ABackgroundIngestMakesWayAndCountsEachFileOnce) {
    constexpr int kSongs = 12;
    for (int i = 0; i < kSongs; ++i) add_song(static_cast<std::uint64_t>(i), "song" + std::to_string(i) + ".wav");
    const auto sent = write_song(folder_ / "sent", song(99));
    Result<ingest::IngestReport> report;
    std::atomic<bool> begun = false;
    class Begun final : public ChangeObserver {
      public:
        explicit Begun(std::atomic<bool>& flag) : flag_(flag) {}
        void on_progress(const ingest::IngestProgress& progress) override { flag_ = progress.files_done > 0; }

      private:
        std::atomic<bool>& flag_;
    };
    library();
    std::jthread background([&] {
        Begun observer(begun);
        report =
            library().ingest({.paths = {music_}}, {.purpose = "a job", .priority = Priority::background}, observer);
        begun = true;
    });
    while (!begun) std::this_thread::yield();
    const auto added =
        library().add({.file = sent, .name = "x.wav"}, {.purpose = "a request", .wait = std::chrono::seconds(60)});
    EXPECT_TRUE(added) << added.error().message;
    background.join();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_FALSE(report->interrupted);
    EXPECT_EQ(report->ingested, kSongs);
    EXPECT_EQ(report->unchanged, 0);
    EXPECT_EQ(tracks().size(), std::size_t{kSongs} + 1);
}

TEST_F(StoredLibraryTest, ABackgroundIngestThatIsStoppedEndsInterrupted) {
    fs::create_directories(folder_ / "data");
    const auto lock = util::FileLock::acquire(folder_ / "data" / "lock", "another ingest", {});
    ASSERT_TRUE(lock);
    std::stop_source stop;
    std::jthread stopper([&] { stop.request_stop(); });
    const auto report = ingest({.purpose = "a job", .priority = Priority::background, .stop = stop.get_token()});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(report->interrupted);
}

TEST_F(StoredLibraryTest, ReembeddingPutsTheWantedModelInService) {
    add_song(1, "one.wav");
    add_song(2, "two.wav");
    ASSERT_TRUE(ingest());
    reopen("other");
    EXPECT_EQ(library().vibe_model({})->name, "fake");
    const auto report = library().reembed(ingest::PassScope::missing, {.purpose = "a test"}, observer_);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->done, 2);
    EXPECT_FALSE(report->fatal);
    reopen("other");
    EXPECT_EQ(library().vibe_model({})->name, "other");
    EXPECT_TRUE(library().similar({.track = tracks().at(0).id}));
}

TEST_F(StoredLibraryTest, AnIndexThatCannotBeReadIsReplacedAndRebuilt) {
    add_song(1, "one.wav");
    ASSERT_TRUE(ingest());
    reopen();
    backends_.index_failure = Error{ErrorKind::corrupt, "the index is damaged", {}};
    const auto report = library().rebuild_index({}, {.purpose = "a test"}, observer_);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->done, 1);
    EXPECT_THAT(observer_.notices, Contains("the index is damaged"));
    EXPECT_EQ(library().upkeep().index({})->tracks, 1U);
}

TEST_F(StoredLibraryTest, TheVibeLaneIsBackSoonAfterItsStore) {
    add_song(1, "one.wav");
    ASSERT_TRUE(ingest());
    reopen();
    backends_.index_failure = Error{ErrorKind::not_available, "the store is away", {}};
    EXPECT_EQ(library().vibe_model({}).error().message, "the store is away");
    backends_.index_failure.reset();
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!library().vibe_model({}) && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
    EXPECT_TRUE(library().vibe_model({}));
}

TEST_F(StoredLibraryTest, AnIndexThatIsAwayIsNotReplaced) {
    add_song(1, "one.wav");
    ASSERT_TRUE(ingest());
    reopen();
    backends_.index_failure = Error{ErrorKind::not_available, "the disk is away", {}};
    const auto report = library().rebuild_index({}, {.purpose = "a test"}, observer_);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().message, "the disk is away");
    EXPECT_TRUE(backends_.index_failure);
}

TEST_F(StoredLibraryTest, ComparesStoresAndDisk) {
    const auto path = add_song(1, "one.wav");
    add_song(2, "two.wav");
    ASSERT_TRUE(ingest());
    auto comparison = library().upkeep().compare({});
    ASSERT_TRUE(comparison);
    EXPECT_TRUE(comparison->differences.none());
    EXPECT_EQ(comparison->missing_files, 0);
    fs::remove(path);
    comparison = library().upkeep().compare({});
    ASSERT_TRUE(comparison);
    EXPECT_EQ(comparison->missing_files, 1);
}

TEST_F(StoredLibraryTest, TooFewTracksCannotBeCalibrated) {
    add_song(1, "one.wav");
    ASSERT_TRUE(ingest());
    class Quiet final : public CalibrationObserver {
      public:
        void on_track(std::size_t, std::size_t) override {}
        void on_failure(const std::string&, const Error&) override {}
    } quiet;
    const auto report = library().upkeep().calibrate(10, quiet, {});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(report.error().message, HasSubstr("at least 5 are needed"));
    EXPECT_TRUE(library().upkeep().calibration()->measured_at.empty());
}

TEST_F(StoredLibraryTest, AWaveformIsComputedForATrackThatHasNone) {
    const auto path = add_song(1, "one.wav");
    ASSERT_TRUE(ingest());
    const auto track = tracks().at(0);
    fs::remove_all(folder_ / "data" / "waveforms");
    const auto peaks = library().waveform(track, {});
    ASSERT_TRUE(peaks) << peaks.error().message;
    EXPECT_THAT(*peaks, Not(IsEmpty()));
    fs::remove(path);
    EXPECT_TRUE(library().waveform(track, {})) << "it was kept";
    fs::remove_all(folder_ / "data" / "waveforms");
    const auto gone = library().waveform(track, {});
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().reason, Reason::file_not_found);
}

TEST_F(StoredLibraryTest, WarmingUpLoadsTheModelOnceAndSaysWhatIsMissing) {
    backends_.exists = true;
    ASSERT_TRUE(library().stores().index(Access::read_write));
    EXPECT_TRUE(library().warm_up({}));
    EXPECT_THAT(backends_.opened, Contains("model fake"));
    backends_.model_failure = Error{ErrorKind::not_available, "no model", {}};
    EXPECT_TRUE(library().warm_up({})) << "it is loaded";
    const auto missing = reopen().warm_up({});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().message, "no model");
}

}  // namespace
}  // namespace audio_ident::library
