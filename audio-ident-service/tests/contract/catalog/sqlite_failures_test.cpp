#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>

#include "catalog/sqlite_catalog.hpp"
#include "child_program.hpp"
#include "lib/soci/sqlite_connection.hpp"
#include "support/files.hpp"
#include "support/temp_folder.hpp"
#include "support/tracks.hpp"

namespace audio_ident::test {
namespace {

namespace fs = std::filesystem;
using catalog::Catalog;
using catalog::open_sqlite_catalog;
using testing::AllOf;
using testing::HasSubstr;

class SqliteFailures : public testing::Test {
  protected:
    std::unique_ptr<Catalog> open() {
        auto opened = open_sqlite_catalog({.path = path_});
        if (!opened) throw std::runtime_error(opened.error().message);
        return std::move(*opened);
    }
    /// Writes a catalog with `rows` rows and closes it, so that everything is in one file.
    void fill(int rows) {
        const auto catalog = open();
        for (int i = 1; i <= rows; ++i) ASSERT_TRUE(catalog->insert(make_track(i), deadline_));
    }
    void run_sql(const std::string& sql) {
        auto connection = lib::SqliteConnection::open(path_, lib::SqliteConnection::Create::never, deadline_);
        ASSERT_TRUE(connection) << connection.error().message;
        (*connection)->run_script(sql);
    }
    Error opening_fails() {
        const auto opened = open_sqlite_catalog({.path = path_});
        EXPECT_FALSE(opened);
        return opened ? Error() : opened.error();
    }

    TempFolder folder_;
    std::string path_ = folder_ / "catalog.sqlite";
    Deadline deadline_ = Deadline::after(std::chrono::seconds(60));
};

TEST_F(SqliteFailures, FileOfAnotherKindIsNamedAndLeftAlone) {
    const std::string text(5000, 'x');
    write_file(path_, text);
    const Error error = opening_fails();
    EXPECT_EQ(error.kind, ErrorKind::corrupt);
    EXPECT_THAT(error.message, AllOf(HasSubstr(path_), HasSubstr("not an SQLite database")));
    EXPECT_EQ(fs::file_size(path_), text.size());
}

TEST_F(SqliteFailures, DatabaseOfAnotherProgramIsRefusedAndLeftAlone) {
    auto connection = lib::SqliteConnection::open(path_, lib::SqliteConnection::Create::if_missing, deadline_);
    ASSERT_TRUE(connection);
    (*connection)->run_script("CREATE TABLE bookmarks (url TEXT)");
    const Error error = opening_fails();
    EXPECT_EQ(error.kind, ErrorKind::unsupported);
    EXPECT_THAT(error.message, AllOf(HasSubstr(path_), HasSubstr("another program")));
    long long tables = 0;
    (*connection)->session() << "SELECT count(*) FROM sqlite_master", soci::into(tables);
    EXPECT_EQ(tables, 1);
}

TEST_F(SqliteFailures, DamagedPagesAreReported) {
    fill(200);
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(fs::file_size(path_) - 4096, '\xA5');
    file.close();
    const Error error = opening_fails();
    EXPECT_EQ(error.kind, ErrorKind::corrupt);
    EXPECT_THAT(error.message, AllOf(HasSubstr(path_), HasSubstr("damaged")));
}

TEST_F(SqliteFailures, DamageFoundLaterIsReportedToo) {
    fill(200);
    // Damage the pages of the table. Its first page lists the page numbers.
    auto connection = lib::SqliteConnection::open(path_, lib::SqliteConnection::Create::never, deadline_);
    int root = 0;
    (*connection)->session() << "SELECT rootpage FROM sqlite_master WHERE name = 'tracks'", soci::into(root);
    connection->reset();
    const auto catalog = open();
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp((root - 1) * 4096);
    file << std::string(4096, '\xA5');
    file.close();
    const auto found = catalog->find(make_track(1).id, deadline_);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::corrupt) << found.error().message;
}

TEST_F(SqliteFailures, ValueThatNoCatalogWroteIsCorrupt) {
    fill(1);
    run_sql("UPDATE tracks SET ingested_at = '2026-99-99T00:00:00.000000Z'");
    const auto found = open()->find(make_track(1).id, deadline_);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::corrupt);
    EXPECT_THAT(found.error().message, AllOf(HasSubstr(path_), HasSubstr("2026-99-99")));
}

TEST_F(SqliteFailures, FolderInPlaceOfTheFile) {
    fs::create_directory(path_);
    const Error error = opening_fails();
    EXPECT_EQ(error.kind, ErrorKind::not_available);
    EXPECT_THAT(error.message, AllOf(HasSubstr("cannot open " + path_), HasSubstr("directory")));
}

TEST_F(SqliteFailures, MissingFolder) {
    path_ = folder_ / "none/catalog.sqlite";
    const Error error = opening_fails();
    EXPECT_EQ(error.kind, ErrorKind::not_available);
    EXPECT_THAT(error.message, AllOf(HasSubstr("cannot open " + path_), HasSubstr("No such file")));
}

TEST_F(SqliteFailures, PathsOfAnyBytesWork) {
    for (const char* name :
         {"with space=\"quoted\".sqlite", "caf\xE9?mode=memory.sqlite", "file:x.sqlite", ":memory:"}) {
        path_ = folder_ / name;
        fill(1);
        EXPECT_TRUE(fs::exists(path_)) << name;
        EXPECT_EQ(open()->count(std::nullopt, deadline_), 1) << name;
    }
}

TEST_F(SqliteFailures, ReadOnlyFileCanBeReadAndSaysWhyItCannotBeWritten) {
    fill(3);
    fs::permissions(path_, fs::perms(0444));
    fs::permissions(folder_.path(), fs::perms(0777));
    ChildProgram child({path_, "nobody", "10", "1"});
    EXPECT_EQ(child.line(), "count 3");
    EXPECT_THAT(child.line(), AllOf(HasSubstr("not_available"), HasSubstr(path_), HasSubstr("read-only")));
    EXPECT_EQ(child.wait(), 1);
    EXPECT_EQ(open()->count(std::nullopt, deadline_), 3);
}

TEST_F(SqliteFailures, ReadOnlyFolderIsNamed) {
    fill(3);
    fs::permissions(path_, fs::perms(0444));
    fs::permissions(folder_.path(), fs::perms(0555));
    ChildProgram child({path_, "nobody", "10", "1"});
    EXPECT_THAT(child.line(), AllOf(HasSubstr("not_available"), HasSubstr(path_), HasSubstr("folder")));
    EXPECT_EQ(child.wait(), 1);
    fs::permissions(folder_.path(), fs::perms(0755));
    EXPECT_EQ(open()->count(std::nullopt, deadline_), 3);
}

TEST_F(SqliteFailures, FullDiskLosesNothingThatWasStored) {
    fill(3);
    ChildProgram child({path_, "full", "10", "100000"});
    std::vector<std::string> lines = child.lines();
    EXPECT_EQ(child.wait(), 1);
    EXPECT_THAT(lines.back(), AllOf(HasSubstr("not_available cannot write " + path_), HasSubstr("free some space")));

    // Every reported change is stored, and nothing else.
    std::int64_t inserted = 0;
    std::int64_t ready = 0;
    for (const std::string& line : lines) {
        inserted += line.starts_with("inserted") ? 1 : 0;
        ready += line.starts_with("ready") ? 1 : 0;
    }
    EXPECT_GT(inserted, 10);
    const auto catalog = open();
    EXPECT_EQ(catalog->count(std::nullopt, deadline_), 3 + inserted);
    EXPECT_EQ(catalog->count(catalog::TrackState::ready, deadline_), ready);
    EXPECT_TRUE(catalog->insert(make_track(1'000'000), deadline_)) << "works again when there is space";
}

TEST_F(SqliteFailures, PageLimitIsAFullDisk) {
    fill(1);
    auto connection = lib::SqliteConnection::open(path_, lib::SqliteConnection::Create::never, deadline_);
    ASSERT_TRUE(connection);
    (*connection)->run_script("PRAGMA max_page_count = 1");
    try {
        (*connection)->run_script("CREATE TABLE big AS SELECT zeroblob(1000000)");
        FAIL() << "a database of one page took 1 MB";
    } catch (const std::exception& exception) {
        const Error error = (*connection)->describe(exception);
        EXPECT_EQ(error.kind, ErrorKind::not_available);
        EXPECT_THAT(error.message, AllOf(HasSubstr(path_), HasSubstr("disk is full")));
    }
}

TEST_F(SqliteFailures, RemovedDatabaseIsReportedAndNotMadeAnew) {
    const auto catalog = open();
    ASSERT_TRUE(catalog->insert(make_track(1), deadline_));
    for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(path_ + suffix);
    const auto refused = catalog->insert(make_track(2), deadline_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::not_available);
    EXPECT_THAT(refused.error().message, HasSubstr(path_));
    EXPECT_FALSE(fs::exists(path_));

    fill(5);
    EXPECT_EQ(catalog->count(std::nullopt, deadline_), 5) << "a database put in its place is used";
}

TEST_F(SqliteFailures, LongScanStopsWhenAsked) {
    fill(0);
    run_sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        "INSERT INTO tracks (id, title, duration_seconds, file_hash_sha256, file_size_bytes, file_path,"
        "                    file_modified_ns, search_text)"
        "SELECT printf('%08x-0000-4000-8000-000000000000', i), 't', 1, printf('%064x', i), 1, '/' || i, 0, 't' FROM n");
    const auto catalog = open();
    std::stop_source stop;
    int visited = 0;
    const auto scan = catalog->for_each_file(
        [&](const auto&) {
            ++visited;
            stop.request_stop();
        },
        Deadline::never(stop.get_token()));
    ASSERT_FALSE(scan);
    EXPECT_EQ(scan.error().kind, ErrorKind::timeout) << scan.error().message;
    EXPECT_LT(visited, 20000);
    EXPECT_EQ(catalog->count(std::nullopt, deadline_), 20000) << "the next call is not stopped";
}

TEST_F(SqliteFailures, VisitorThatThrowsEndsTheScanWithAnError) {
    fill(3);
    const auto catalog = open();
    const auto scan = catalog->for_each_file([](const auto&) { throw std::runtime_error("no"); }, deadline_);
    ASSERT_FALSE(scan);
    EXPECT_EQ(scan.error().kind, ErrorKind::internal);
    EXPECT_EQ(catalog->count(std::nullopt, deadline_), 3);
}

}  // namespace
}  // namespace audio_ident::test
