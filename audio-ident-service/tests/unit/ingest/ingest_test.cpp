#include "ingest/ingest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "library.hpp"

namespace audio_ident::ingest {
namespace {

namespace fs = std::filesystem;
using test::Library;
using testing::ElementsAre;
using testing::IsEmpty;

/// The sum of all counts, which is the total when nothing ended the run early.
std::int64_t settled(const IngestReport& report) {
    return report.ingested + report.duplicates + report.updated + report.moved + report.unchanged +
           static_cast<std::int64_t>(report.errors.size());
}

void expect_clean(const IngestReport& report) {
    EXPECT_FALSE(report.fatal) << report.fatal->message;
    EXPECT_FALSE(report.interrupted);
    EXPECT_EQ(report.total, settled(report));
}

TEST(Ingest, IndexesNewMusicAndReportsIt) {
    Library library;
    library.put("b/two.mp3", "song 2 200");
    library.put("a.flac", "song 1 100");
    library.put("cover.jpg", "no music");
    const IngestReport report = library.run();
    expect_clean(report);
    EXPECT_EQ(report.total, 2);
    EXPECT_EQ(report.ingested, 2);
    EXPECT_EQ(report.ignored, 1);
    EXPECT_DOUBLE_EQ(report.seconds_of_audio, 300);
    EXPECT_THAT(library.tracks(), ElementsAre("a.flac: song 1", "b/two.mp3: song 2"));
    EXPECT_EQ(library.disk.index.compactions, 1);
    ASSERT_EQ(library.events.size(), 2U);
    EXPECT_EQ(library.events[0].file, library.path_text("a.flac"));
    EXPECT_EQ(library.events[0].outcome, FileOutcome::ingested);

    const catalog::Track row = library.row_of("a.flac");
    EXPECT_TRUE(row.fingerprint_indexed);
    EXPECT_EQ(row.file_size_bytes, 10);
    EXPECT_EQ(row.file_hash_sha256.size(), 64U);
    EXPECT_EQ(row.chromaprint_fingerprint, "music 1");
}

std::vector<std::string> notes(const IngestReport& report) {
    std::vector<std::string> texts;
    for (const FileNote& note : report.file_notes)
        texts.push_back(fs::path(note.file).filename().string() + " " + note.text);
    return texts;
}

TEST(Ingest, ADamagedFileIsToldAndReplacedByAWholeOne) {
    Library library;
    library.put("a.mp3", "song 1 100 m early");
    library.put("b.mp3", "song 2 200");
    const IngestReport first = library.run();
    EXPECT_EQ(first.ingested, 2);
    EXPECT_THAT(notes(first), ElementsAre("a.mp3 ends after 100.0 of 200.0 s"));
    EXPECT_EQ(library.row_of("a.mp3").stated_seconds, 200);
    EXPECT_THAT(notes(library.run()), IsEmpty()) << "nothing was read";

    library.put("a.mp3", "song 3 200 m");
    const IngestReport again = library.run();
    EXPECT_EQ(again.updated, 1);
    EXPECT_THAT(notes(again), IsEmpty());
    EXPECT_EQ(library.row_of("a.mp3").stated_seconds, std::nullopt);
}

TEST(Ingest, AnotherStreamOfAnIndexedFileIsIndexedInstead) {
    Library library;
    library.put("a.mka", "song 1 100 m two");
    const IngestReport first = library.run();
    EXPECT_THAT(notes(first), ElementsAre("a.mka has 2 audio streams; stream 2 is indexed, --stream chooses another"));
    const TrackId id = library.id_of("a.mka");

    IngestRequest request = library.request();
    request.examiner.stream = 1;
    const IngestReport other = library.run(request);
    expect_clean(other);
    EXPECT_EQ(other.updated, 1);
    EXPECT_EQ(library.id_of("a.mka"), id);
    EXPECT_EQ(library.row_of("a.mka").audio_stream, 1);
    EXPECT_TRUE(library.waveforms.find(library.row_of("a.mka").file_hash_sha256)) << "it belongs to the same bytes";
    EXPECT_EQ(library.run(request).unchanged, 1);
    EXPECT_EQ(library.run().unchanged, 1) << "the choice stays";
    EXPECT_EQ(library.row_of("a.mka").audio_stream, 1);
}

TEST(Ingest, AnotherStreamOfAFileThatWasADuplicateIsLookedAt) {
    Library library;
    library.put("a.flac", "song 1 100 blue");
    library.put("b.mka", "song 2 109 blue two");
    EXPECT_EQ(library.run().duplicates, 1);
    EXPECT_EQ(library.run().duplicates, 1);
    EXPECT_EQ(library.analyses, 0) << "that is noted";

    IngestRequest request = library.request();
    request.paths = {library.root / "b.mka"};
    request.examiner.stream = 1;
    library.run(request);
    EXPECT_EQ(library.analyses, 1);
    library.run();
    EXPECT_EQ(library.analyses, 0) << "the note stays";
}

TEST(Ingest, AnUnchangedLibraryIsNotReadAgain) {
    Library library;
    library.put("a.mp3", "song 1 100");
    library.put("b.mp3", "song 2 100");
    library.run();
    // Reading these files would fail.
    fs::permissions(library.root / "a.mp3", fs::perms::none);
    library.disk.changes.clear();
    const IngestReport report = library.run();
    expect_clean(report);
    EXPECT_EQ(report.unchanged, 2);
    EXPECT_EQ(library.analyses, 0);
    EXPECT_THAT(library.disk.changes, IsEmpty());
    EXPECT_EQ(library.disk.index.compactions, 1) << "only the first run's";
}

TEST(Ingest, OnlyWhatIsNewIsAnalysed) {
    Library library;
    library.put("a.mp3", "song 1 100");
    library.run();
    library.put("b.mp3", "song 2 100");
    const IngestReport report = library.run();
    expect_clean(report);
    EXPECT_EQ(report.unchanged, 1);
    EXPECT_EQ(report.ingested, 1);
    EXPECT_EQ(library.analyses, 1);
}

TEST(Ingest, ATouchedFileIsNotAnalysedAgainAndNextTimeNotRead) {
    Library library;
    library.put("a.mp3", "song 1 100");
    library.run();
    library.set_time("a.mp3", 1'800'000'000);
    IngestReport report = library.run();
    expect_clean(report);
    EXPECT_EQ(report.unchanged, 1);
    EXPECT_EQ(library.analyses, 0);
    EXPECT_EQ(library.row_of("a.mp3").file_modified_ns, 1'800'000'000'000'000'000);

    library.disk.changes.clear();
    library.run();
    EXPECT_THAT(library.disk.changes, IsEmpty());
}

TEST(Ingest, AChangedFileIsAnalysedAgainAndKeepsItsTrack) {
    Library library;
    library.put("a.mp3", "song 1 100");
    library.run();
    const TrackId id = library.id_of("a.mp3");
    library.put("a.mp3", "song 7 100");
    const IngestReport report = library.run();
    expect_clean(report);
    EXPECT_EQ(report.updated, 1);
    EXPECT_THAT(library.tracks(), ElementsAre("a.mp3: song 7"));
    EXPECT_EQ(library.id_of("a.mp3"), id);
}

TEST(Ingest, AChangedFileOfTheSameMusicIsNoDuplicateOfItself) {
    Library library;
    library.put("a.mp3", "song 1 100 blue");
    library.run();
    library.put("a.mp3", "song 1 100 blue with other tags");
    const IngestReport report = library.run();
    expect_clean(report);
    EXPECT_EQ(report.updated, 1);
    EXPECT_EQ(report.duplicates, 0);
}

TEST(Ingest, AMovedFileIsRelinkedWithoutAnalysis) {
    Library library;
    library.put("a.mp3", "song 1 100");
    library.run();
    const TrackId id = library.id_of("a.mp3");
    library.move("a.mp3", "z.mp3");
    const IngestReport report = library.run();
    expect_clean(report);
    EXPECT_EQ(report.moved, 1);
    EXPECT_EQ(report.vanished, 0);
    EXPECT_EQ(library.analyses, 0);
    EXPECT_THAT(library.tracks(), ElementsAre("z.mp3: song 1"));
    EXPECT_EQ(library.id_of("z.mp3"), id);
    EXPECT_EQ(library.run().unchanged, 1);
}

TEST(Ingest, FilesThatSwappedNamesKeepTheirTracks) {
    Library library;
    library.put("a.mp3", "song 1 100");
    library.put("b.mp3", "song 22 100");
    library.run();
    const TrackId first = library.id_of("a.mp3");
    const TrackId second = library.id_of("b.mp3");
    library.move("a.mp3", "x.mp3");
    library.move("b.mp3", "a.mp3");
    library.move("x.mp3", "b.mp3");
    const IngestReport report = library.run();
    expect_clean(report);
    EXPECT_EQ(report.moved, 2);
    EXPECT_THAT(library.tracks(), ElementsAre("a.mp3: song 22", "b.mp3: song 1"));
    EXPECT_EQ(library.id_of("b.mp3"), first);
    EXPECT_EQ(library.id_of("a.mp3"), second);
}

TEST(Ingest, AFileMovedOverAnotherReplacesItsTrack) {
    Library library;
    library.put("a.mp3", "song 1 100");
    library.put("b.mp3", "song 22 100");
    library.run();
    const TrackId id = library.id_of("a.mp3");
    library.move("a.mp3", "b.mp3");
    const IngestReport report = library.run();
    expect_clean(report);
    EXPECT_EQ(report.moved, 1);
    EXPECT_THAT(library.tracks(), ElementsAre("b.mp3: song 1"));
    EXPECT_EQ(library.id_of("b.mp3"), id);
}

TEST(Ingest, ACopyIsADuplicateOfTheOriginal) {
    Library library;
    library.put("a.mp3", "song 1 100");
    library.run();
    library.put("b.mp3", "song 1 100");
    const IngestReport report = library.run();
    expect_clean(report);
    ASSERT_EQ(report.duplicates, 1);
    EXPECT_EQ(report.duplicate_files[0].file, library.path_text("b.mp3"));
    EXPECT_EQ(report.duplicate_files[0].original, library.path_text("a.mp3"));
    EXPECT_EQ(library.analyses, 0);
    EXPECT_THAT(library.tracks(), ElementsAre("a.mp3: song 1"));
}

TEST(Ingest, ACopyOfATouchedOriginalDoesNotTakeItsTrack) {
    Library library;
    library.put("b.mp3", "song 1 100");
    library.run();
    library.set_time("b.mp3", 1'800'000'000);
    library.put("a.mp3", "song 1 100");
    const IngestReport report = library.run();
    expect_clean(report);
    EXPECT_EQ(report.duplicates, 1);
    EXPECT_EQ(report.moved, 0);
    EXPECT_THAT(library.tracks(), ElementsAre("b.mp3: song 1"));
}

TEST(Ingest, AFileOverwrittenWithACopyLosesItsTrack) {
    Library library;
    library.put("a.mp3", "song 1 100");
    library.put("b.mp3", "song 22 100");
    library.run();
    library.put("b.mp3", "song 1 100");
    const IngestReport report = library.run();
    expect_clean(report);
    EXPECT_EQ(report.duplicates, 1);
    EXPECT_EQ(report.notices.size(), 1U);
    EXPECT_THAT(library.tracks(), ElementsAre("a.mp3: song 1"));
}

TEST(Ingest, TheSameMusicInOtherBytesIsADuplicateUnlessAllowed) {
    Library library;
    library.put("a.flac", "song 1 100 blue");
    library.put("b.mp3", "song 2 109 blue");
    library.put("c.mp3", "song 3 112 blue");
    library.put("d.mp3", "song 4 100 red");
    const IngestReport report = library.run();
    expect_clean(report);
    ASSERT_EQ(report.duplicates, 1);
    EXPECT_EQ(report.duplicate_files[0].file, library.path_text("b.mp3"));
    EXPECT_EQ(report.duplicate_files[0].original, library.path_text("a.flac"));
    EXPECT_THAT(library.tracks(), ElementsAre("a.flac: song 1", "c.mp3: song 3", "d.mp3: song 4"))
        << "c.mp3 is more than 10 % longer";

    IngestRequest request = library.request();
    request.same_music = SameMusic::add;
    EXPECT_EQ(library.run(request).ingested, 1);
    EXPECT_EQ(library.tracks().size(), 4U);
}

TEST(Ingest, MusicThatOnlyBeginsTheSameIsATrackOfItsOwn) {
    Library library;
    library.put("a.flac", "song 1 100 m");
    library.put("b.mp3", "song 2 99 m edit");
    library.put("c.mp3", "song 3 99 m edit");
    const IngestReport report = library.run();
    expect_clean(report);
    EXPECT_EQ(report.ingested, 2);
    EXPECT_THAT(notes(report), ElementsAre("b.mp3 begins like " + library.path_text("a.flac") +
                                           "; 60 s are the same, so it is a track of its own"));
    EXPECT_EQ(library.row_of("b.mp3").kin, library.id_of("a.flac"));
    ASSERT_EQ(report.duplicates, 1);
    EXPECT_EQ(report.duplicate_files[0].original, library.path_text("b.mp3")) << "not of the one that begins the same";

    library.put("d.mp3", "song 4 100 m");
    EXPECT_THAT(
        library.run().duplicate_files,
        testing::Contains(testing::AllOf(testing::Field(&DuplicateFile::file, library.path_text("d.mp3")),
                                         testing::Field(&DuplicateFile::original, library.path_text("a.flac")))))
        << "from the index";
}

TEST(Ingest, ADuplicateOfATrackWithAnEarlierFingerprintIsFoundByItsFile) {
    Library library;
    library.put("a.flac", "song 1 100 m");
    library.run();
    auto entries = library.disk.index.entries();
    fingerprint::Fingerprint& print = entries.begin()->second;
    print.params_version = fingerprint::Params::kVersion - 1;
    print.peaks.pop_back();
    library.disk.index.set_entries(entries);

    library.put("b.mp3", "song 2 99 m edit");
    library.put("c.mp3", "song 3 100 m");
    const IngestReport report = library.run();
    expect_clean(report);
    EXPECT_THAT(library.tracks(), ElementsAre("a.flac: song 1", "b.mp3: song 2"));
    EXPECT_EQ(report.duplicate_files.at(0).original, library.path_text("a.flac"));
}

TEST(Ingest, AnUnchangedDuplicateIsNotReadAgainAsLongAsItsOriginalIsThere) {
    Library library;
    library.put("a.flac", "song 1 100 blue");
    library.put("b.mp3", "song 2 100 blue");
    library.put("c.flac", "song 1 100 blue");
    EXPECT_EQ(library.run().duplicates, 2);
    IngestReport report = library.run();
    expect_clean(report);
    ASSERT_EQ(report.duplicates, 2);
    EXPECT_EQ(report.duplicate_files[0].original, library.path_text("a.flac"));
    EXPECT_EQ(library.analyses, 0);

    library.remove("a.flac");
    report = library.run();
    expect_clean(report);
    EXPECT_EQ(report.moved, 1) << "c.flac has the same bytes";
    EXPECT_EQ(report.duplicates + report.ingested, 1) << "b.mp3";

    // A changed file is a different case.
    library.put("b.mp3", "song 3 100 red");
    report = library.run();
    expect_clean(report);
    EXPECT_EQ(report.duplicates, 0);
    EXPECT_THAT(library.tracks(), testing::Contains("b.mp3: song 3"));
}

TEST(Ingest, ADuplicateComesInWhenItsOriginalBecomesOtherMusic) {
    // The scan meets it after the duplicate, so it still has the music when the duplicate is decided. The next run sees
    // the change.
    for (const auto& [changed, runs] : {std::pair("a.flac", 1), std::pair("z.flac", 2)}) {
        Library library;
        library.put(changed, "song 1 100 blue");
        expect_clean(library.run());
        library.put("b.mp3", "song 2 100 blue");
        EXPECT_EQ(library.run().duplicates, 1);

        library.put(changed, "song 3 100 red");
        for (int i = 0; i < runs; ++i) expect_clean(library.run());
        EXPECT_THAT(library.tracks(), testing::Contains("b.mp3: song 2")) << changed;
    }
}

TEST(Ingest, TheFirstInScanOrderWinsWhicheverIsDecodedFirst) {
    for (const char* slow : {"a.mp3", "b.mp3"}) {
        for (const std::string second : {"song 2 100 blue", "song 1 100 blue"}) {
            Library library;
            library.put("a.mp3", "song 1 100 blue");
            library.put("b.mp3", second);
            library.before_analysis = [slow](const std::string& name) {
                if (name == slow) std::this_thread::sleep_for(std::chrono::milliseconds(50));
            };
            const IngestReport report = library.run();
            expect_clean(report);
            EXPECT_EQ(report.duplicates, 1);
            EXPECT_THAT(library.tracks(), ElementsAre("a.mp3: song 1")) << slow << ", " << second;
        }
    }
}

TEST(Ingest, MusicWhoseFormerFileIsGoneIsIngestedAgain) {
    Library library;
    library.put("a.mp3", "song 1 100 blue");
    library.run();
    library.remove("a.mp3");
    library.put("a.flac", "song 2 100 blue");
    IngestRequest request = library.request();
    request.prune = Prune::remove;
    const IngestReport report = library.run(request);
    expect_clean(report);
    EXPECT_EQ(report.ingested, 1);
    EXPECT_EQ(report.pruned, 1);
    EXPECT_THAT(library.tracks(), ElementsAre("a.flac: song 2"));
}

TEST(Ingest, AFileThatCannotBeIngestedIsOneErrorAndTheRestGoesOn) {
    Library library;
    library.put("a.mp3", "song 1 100");
    library.put("b.mp3", "a text");
    library.put("c.mp3", "");
    library.put("d.mp3", "song 4 100");
    fs::create_symlink(library.root / "missing", library.root / "e.mp3");
    const IngestReport report = library.run();
    expect_clean(report);
    EXPECT_EQ(report.ingested, 2);
    ASSERT_EQ(report.errors.size(), 3U);
    EXPECT_EQ(report.errors[0].file, library.path_text("b.mp3"));
    EXPECT_EQ(report.errors[0].error, "not audio");
    EXPECT_EQ(report.errors[0].kind, ErrorKind::unsupported);
    EXPECT_THAT(report.errors[1].error, testing::HasSubstr("the file is empty (0 bytes)"));
    EXPECT_EQ(report.errors[2].file, library.path_text("e.mp3"));
}

TEST(Ingest, ARowTheCatalogRefusesIsOneErrorAndTheRestGoesOn) {
    Library library;
    library.put("a.mp3", "song 1 100");
    library.put("b.mp3", "song 2 100");
    // The catalog refuses the batch, and then only this row.
    library.disk.before_change = [puts = 0](const std::string& change) mutable -> std::optional<Error> {
        if (change != "put" || ++puts > 2) return std::nullopt;
        return Error{ErrorKind::invalid_input, "a value out of bounds", {}};
    };
    const IngestReport report = library.run();
    expect_clean(report);
    EXPECT_EQ(report.ingested, 1);
    EXPECT_EQ(report.errors.size(), 1U);
    EXPECT_THAT(library.tracks(), ElementsAre("b.mp3: song 2"));
}

TEST(Ingest, AFileChangedWhileItIsReadIsAnError) {
    Library library;
    library.put("a.mp3", "song 1 100");
    library.before_analysis = [&](const std::string&) { library.put("a.mp3", "song 2 100 longer"); };
    const IngestReport report = library.run();
    expect_clean(report);
    ASSERT_EQ(report.errors.size(), 1U);
    EXPECT_NE(report.errors[0].error.find("changed while it was read"), std::string::npos);
    EXPECT_THAT(library.tracks(), IsEmpty());
}

TEST(Ingest, NamesOfAnyBytesComeBackAsTheyAre) {
    Library library;
    library.put("new\nline \xff.mp3", "song 1 100");
    expect_clean(library.run());
    EXPECT_EQ(library.row_of("new\nline \xff.mp3").title, "song 1");
    EXPECT_EQ(library.run().unchanged, 1);
    library.move("new\nline \xff.mp3", "other \xfe.mp3");
    EXPECT_EQ(library.run().moved, 1);
}

TEST(Ingest, ManyFilesAreBatchedIntoFewIndexTransactions) {
    Library library;
    for (int i = 0; i < 100; ++i) {
        library.put("song" + std::to_string(i) + ".mp3", "song " + std::to_string(i) + " 100");
    }
    IngestRequest request = library.request();
    request.threads = 4;
    request.batch.max_age = std::chrono::hours(1);
    const IngestReport report = library.run(request);
    expect_clean(report);
    EXPECT_EQ(report.ingested, 100);
    EXPECT_EQ(std::count(library.disk.changes.begin(), library.disk.changes.end(), "index add"), 7);
}

TEST(Ingest, ReadsItsNamesFromAList) {
    Library library;
    library.put("a.mp3", "song 1 100");
    library.put("b.mp3", "song 2 100");
    library.put("list.txt", (library.root / "b.mp3").native() + "\n");
    IngestRequest request = library.request();
    request.paths.clear();
    request.from_file = library.root / "list.txt";
    expect_clean(library.run(request));
    EXPECT_THAT(library.tracks(), ElementsAre("b.mp3: song 2"));

    request.from_file = library.root / "missing.txt";
    const IngestReport report = library.run(request);
    ASSERT_TRUE(report.fatal);
    EXPECT_EQ(report.fatal->kind, ErrorKind::not_available);
}

TEST(Ingest, ProgressEndsWithAllFilesDone) {
    Library library;
    library.put("a.mp3", "song 1 100");
    library.put("b.mp3", "song 2 100");
    library.run();
    library.put("c.mp3", "song 3 60");
    library.run();
    EXPECT_EQ(library.last_progress.files_done, 3);
    EXPECT_DOUBLE_EQ(library.last_progress.seconds_of_audio, 60);
}

}  // namespace
}  // namespace audio_ident::ingest
