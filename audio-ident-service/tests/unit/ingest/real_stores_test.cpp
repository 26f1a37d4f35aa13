// A whole ingest with the real parts: FFmpeg, Chromaprint, SQLite, LMDB.

#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catalog/file_documents.hpp"
#include "catalog/sqlite_catalog.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "ingest/commit/store_check.hpp"
#include "ingest/examine/decoding_analyzer.hpp"
#include "ingest/ingest.hpp"
#include "support/encode.hpp"
#include "support/executor.hpp"
#include "support/files.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"
#include "util/path_text.hpp"

namespace audio_ident::ingest {
namespace {

namespace fs = std::filesystem;
using audio_ident::test::music;

class DyingAnalyzer : public Analyzer {
  public:
    DyingAnalyzer(std::unique_ptr<Analyzer> analyzer, std::atomic<int>& left)
        : analyzer_(std::move(analyzer)), left_(left) {}

    Result<Analysis> analyse(const fs::path& path, std::optional<int> stream, const Deadline& deadline) override {
        if (left_-- == 0) ::kill(::getpid(), SIGKILL);
        return analyzer_->analyse(path, stream, deadline);
    }

  private:
    std::unique_ptr<Analyzer> analyzer_;
    std::atomic<int>& left_;
};

class RealStores : public testing::Test {
  protected:
    RealStores() {
        fs::create_directory(folder_ / "music");
        fs::create_directory(folder_ / "data");
    }

    /// `die_at`: the process kills itself before it analyses this many files.
    IngestReport run(int die_at = -1) {
        auto catalog = catalog::open_sqlite_catalog({.path = (folder_ / "data" / "catalog.db").native()});
        auto index =
            index::LmdbIndex::open(folder_ / "data" / "fingerprints", lmdb::Access::read_write, test::executor());
        auto lock =
            util::FileLock::acquire(folder_ / "data" / "lock", "a test", Deadline::after(std::chrono::seconds(5)));
        const ChangeLock change_lock(std::move(*lock));
        const auto decoder = audio::make_ffmpeg_decoder();
        std::atomic<int> left = die_at;
        const IngestParts parts{
            .stores = {**catalog, (*index)->writer()},
            .make_analyzer =
                [&, make = decoding_analyzer(*decoder)] { return std::make_unique<DyingAnalyzer>(make(), left); },
            .chromaprint = music_comparison(),
            .lock = change_lock,
            .duplicate_notes = &documents_};
        IngestRequest request;
        request.paths = {folder_ / "music"};
        request.threads = 2;
        request.batch.max_tracks = 2;
        IngestObserver nobody;
        IngestReport report = run_ingest(parts, request, nobody, {});
        const auto differences = compare_stores(
            parts.stores, [](const catalog::FileRecord&) {}, Deadline());
        EXPECT_TRUE(differences && differences->none());
        ready_ = (*catalog)->count(catalog::TrackState::ready, Deadline()).value_or(-1);
        return report;
    }
    fs::path music_file(std::string_view name) const { return folder_ / "music" / name; }

    audio_ident::test::TempFolder folder_;
    catalog::FileDocuments documents_{folder_ / "data"};
    std::int64_t ready_ = 0;
};

TEST_F(RealStores, IngestALibraryOfManyFormatsOnce) {
    audio_ident::test::encode(music(1, 20), music_file("Anna - One.flac"));
    audio_ident::test::encode(music(1, 20), music_file("One again.mp3"), {"-c:a", "libmp3lame", "-b:a", "128k"});
    audio_ident::test::encode(music(2, 20), music_file("two.ogg"), {"-metadata", "title=Zwei"});
    audio_ident::test::encode(music(3, 21), music_file("three \xff.opus"));
    audio_ident::test::write_wav(music_file("silent.wav"), audio_ident::test::silence(5));
    audio_ident::test::write_wav(music_file("short.wav"), music(4, 0.5));
    audio_ident::test::write_file(music_file("text.mp3"), std::string_view("this is no music"));

    const IngestReport report = run();
    EXPECT_FALSE(report.fatal) << report.fatal->message;
    EXPECT_EQ(report.total, 7);
    EXPECT_EQ(report.ingested, 3);
    ASSERT_EQ(report.duplicates, 1);
    EXPECT_EQ(report.duplicate_files[0].original, util::path_to_text(music_file("Anna - One.flac").native()));
    ASSERT_EQ(report.errors.size(), 3U);
    EXPECT_NE(report.errors[0].file.find("short.wav"), std::string::npos);
    EXPECT_NE(report.errors[1].error.find("silent"), std::string::npos);
    EXPECT_NE(report.errors[2].file.find("text.mp3"), std::string::npos);
    EXPECT_EQ(ready_, 3);

    const IngestReport again = run();
    EXPECT_EQ(again.unchanged, 3);
    EXPECT_EQ(again.ingested, 0);
    EXPECT_EQ(again.duplicates, 1);
}

TEST_F(RealStores, KilledWithSigkillAnIngestGoesOnWhereItWas) {
    constexpr int kSongs = 16;
    for (int i = 0; i < kSongs; ++i) {
        audio_ident::test::write_wav(music_file(std::to_string(i) + ".wav"),
                                     music(static_cast<std::uint64_t>(100 + i), 8, 16000));
    }
    for (const int analyses : {0, 1, 3, 4, 5}) {
        const pid_t child = ::fork();
        if (child == 0) {
            run(analyses);
            ::_exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status)) << "after " << analyses << " files";
    }
    const IngestReport report = run();
    EXPECT_FALSE(report.fatal) << report.fatal->message;
    EXPECT_EQ(report.ingested + report.updated + report.unchanged, kSongs);
    EXPECT_EQ(ready_, kSongs);
    EXPECT_EQ(run().unchanged, kSongs);
}

}  // namespace
}  // namespace audio_ident::ingest
