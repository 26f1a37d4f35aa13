#include "catalog/migrator.hpp"

#include <gmock/gmock.h>

#include "backends.hpp"
#include "catalog/sqlite_backend.hpp"
#include "child_program.hpp"
#include "lib/soci/sqlite_connection.hpp"
#include "support/tracks.hpp"

namespace audio_ident::test {
namespace {

using catalog::AppliedMigration;
using catalog::EmbeddedFile;
using catalog::Migrator;
using catalog::SchemaPolicy;
using catalog::SqlBackend;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The SQLite backend with other migrations.
class OtherMigrations : public SqlBackend {
  public:
    OtherMigrations(const std::string& path, std::vector<EmbeddedFile> files)
        : real_(catalog::make_sqlite_backend(path)), files_(std::move(files)) {}

    Result<std::unique_ptr<lib::Connection>> connect(Create create, const Deadline& deadline) override {
        return real_->connect(create, deadline);
    }
    bool exists() override { return real_->exists(); }
    const std::string& location() const override { return real_->location(); }
    const catalog::SqlDialect& dialect() const override { return real_->dialect(); }
    std::span<const EmbeddedFile> migration_files() const override { return files_; }

  private:
    std::shared_ptr<SqlBackend> real_;
    std::vector<EmbeddedFile> files_;
};

const std::vector<EmbeddedFile> kThree = {
    {"0001_a.up.sql", "A1", "CREATE TABLE a (x); INSERT INTO a VALUES (';'); CREATE TABLE a2 (x);"},
    {"0001_a.down.sql", "A0", "DROP TABLE a; DROP TABLE a2;"},
    {"0002_b.up.sql", "B1", "CREATE TABLE b (x);"},
    {"0002_b.down.sql", "B0", "DROP TABLE b;"},
    {"0003_c.up.sql", "C1", "CREATE TABLE c (x);"},
    {"0003_c.down.sql", "C0", "DROP TABLE c;"},
};

std::vector<EmbeddedFile> first(std::size_t files) {
    return {kThree.begin(), kThree.begin() + static_cast<std::ptrdiff_t>(files)};
}

std::vector<std::string> names(const Result<std::vector<AppliedMigration>>& applied) {
    EXPECT_TRUE(applied) << applied.error().message;
    std::vector<std::string> all;
    for (const AppliedMigration& migration : applied.value_or(std::vector<AppliedMigration>())) {
        all.push_back(migration.name);
    }
    return all;
}

class MigratorTest : public testing::Test {
  protected:
    std::unique_ptr<Migrator> migrator(std::vector<EmbeddedFile> files = kThree) {
        return Migrator::create(std::make_shared<OtherMigrations>(path_, std::move(files))).value();
    }
    std::unique_ptr<Migrator> product() { return catalog::open_sqlite_migrator({.path = path_}).value(); }

    std::vector<std::string> tables() {
        std::vector<std::string> all;
        auto connection = lib::SqliteConnection::open(path_, lib::SqliteConnection::Create::never, deadline_);
        const soci::rowset<std::string> rows =
            ((*connection)->session().prepare
             << "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'schema_migrations' ORDER BY name");
        for (const std::string& name : rows) all.push_back(name);
        return all;
    }
    void run_sql(const std::string& sql) {
        auto connection = lib::SqliteConnection::open(path_, lib::SqliteConnection::Create::never, deadline_);
        (*connection)->run_script(sql);
    }
    int current_version(Migrator& which) {
        const auto current = which.current(deadline_);
        EXPECT_TRUE(current) << current.error().message;
        return current && *current ? (*current)->version : 0;
    }

    TempFolder folder_;
    std::string path_ = folder_ / "catalog.sqlite";
    Deadline deadline_ = Deadline::after(std::chrono::seconds(60));
};

TEST_F(MigratorTest, ProductGoesUpDownAndUpAgain) {
    const auto migrator = product();
    ASSERT_EQ(migrator->heads().size(), 1U);
    const int head = migrator->heads().front().version;

    EXPECT_EQ(current_version(*migrator), 0);
    EXPECT_FALSE(std::filesystem::exists(path_)) << "asking makes no database";
    EXPECT_THAT(names(migrator->upgrade(deadline_)), testing::SizeIs(head));
    EXPECT_EQ(current_version(*migrator), head);
    EXPECT_THAT(names(migrator->upgrade(deadline_)), IsEmpty()) << "nothing left to do";
    EXPECT_THAT(names(migrator->downgrade_to(0, deadline_)), testing::SizeIs(head));
    EXPECT_THAT(tables(), IsEmpty());
    EXPECT_THAT(names(migrator->upgrade(deadline_)), testing::SizeIs(head));
}

TEST_F(MigratorTest, ProductHasThePlansIndexes) {
    ASSERT_TRUE(product()->upgrade(deadline_));
    auto connection = lib::SqliteConnection::open(path_, lib::SqliteConnection::Create::never, deadline_);
    std::vector<std::string> indexes;
    const soci::rowset<std::string> rows =
        ((*connection)->session().prepare << "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL");
    for (const std::string& name : rows) indexes.push_back(name);
    EXPECT_THAT(indexes,
                testing::IsSupersetOf({"ix_tracks_file_hash", "ix_tracks_artist_title", "ix_tracks_ingested_at"}));
}

// An index that begins with the state made SQLite sort 100,000 whole rows for one page: 7 s in place of 0.1 s.
TEST_F(MigratorTest, ProductListsWithoutSorting) {
    ASSERT_TRUE(product()->upgrade(deadline_));
    auto connection = lib::SqliteConnection::open(path_, lib::SqliteConnection::Create::never, deadline_);
    for (const char* where : {"", "WHERE state = 'ready'", "WHERE state = 'ready' AND search_text LIKE '%x%'"}) {
        int id = 0;
        int parent = 0;
        int unused = 0;
        std::string plan;
        (*connection)->session() << "EXPLAIN QUERY PLAN SELECT title FROM tracks " << where
                                 << " ORDER BY ingested_at DESC, id LIMIT 1",
            soci::into(id), soci::into(parent), soci::into(unused), soci::into(plan);
        EXPECT_EQ(plan, "SCAN tracks USING INDEX ix_tracks_ingested_at") << where;
    }
}

TEST_F(MigratorTest, StepsGoDownNewestFirst) {
    const auto all = migrator();
    EXPECT_THAT(names(all->upgrade(deadline_)), ElementsAre("0001_a", "0002_b", "0003_c"));
    EXPECT_THAT(tables(), ElementsAre("a", "a2", "b", "c"));
    EXPECT_THAT(names(all->downgrade(2, deadline_)), ElementsAre("0003_c", "0002_b"));
    EXPECT_THAT(tables(), ElementsAre("a", "a2"));
    EXPECT_THAT(names(all->upgrade(deadline_)), ElementsAre("0002_b", "0003_c"));
    EXPECT_THAT(names(all->downgrade_to(2, deadline_)), ElementsAre("0003_c"));
    EXPECT_EQ(current_version(*all), 2);
}

TEST_F(MigratorTest, ImpossibleStepsAreRefused) {
    const auto all = migrator();
    for (const auto& refused : {all->downgrade(1, deadline_), all->downgrade_to(1, deadline_),
                                all->downgrade(0, deadline_), all->downgrade_to(-1, deadline_)}) {
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input) << refused.error().message;
    }
    EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(MigratorTest, FailedMigrationLeavesNothingBehind) {
    auto files = first(4);
    files[2].text = "CREATE TABLE b (x); CREATE TABLE b (x);";
    const auto result = migrator(files)->upgrade(deadline_);
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().message, HasSubstr("already exists"));
    EXPECT_THAT(tables(), ElementsAre("a", "a2"));
    EXPECT_THAT(names(migrator()->upgrade(deadline_)), ElementsAre("0002_b", "0003_c")) << "goes on from there";
}

TEST_F(MigratorTest, ResetGivesAnEmptyDatabaseAtTheHead) {
    const auto all = migrator();
    ASSERT_TRUE(all->reset(deadline_)) << "also when there is none yet";
    run_sql("INSERT INTO a2 VALUES (1)");
    ASSERT_TRUE(all->reset(deadline_));
    EXPECT_EQ(current_version(*all), 3);
    auto connection = lib::SqliteConnection::open(path_, lib::SqliteConnection::Create::never, deadline_);
    long long rows = -1;
    (*connection)->session() << "SELECT count(*) FROM a2", soci::into(rows);
    EXPECT_EQ(rows, 0);
}

TEST_F(MigratorTest, NewerSchemaIsRefusedByEveryCommandAndByTheCatalog) {
    ASSERT_TRUE(migrator()->upgrade(deadline_));
    const auto older = migrator(first(4));
    for (const Error& error : {older->upgrade(deadline_).error(), older->downgrade(1, deadline_).error(),
                               older->current(deadline_).error(), older->reset(deadline_).error(),
                               catalog::SqlCatalog::open(std::make_shared<OtherMigrations>(path_, first(4)),
                                                         SchemaPolicy::upgrade, {}, deadline_)
                                   .error()}) {
        EXPECT_EQ(error.kind, ErrorKind::unsupported);
        EXPECT_THAT(error.message, AllOf(HasSubstr(path_), HasSubstr("newer"), HasSubstr("0003_c")));
    }
    EXPECT_THAT(tables(), ElementsAre("a", "a2", "b", "c"));
}

TEST_F(MigratorTest, ChangedMigrationIsReported) {
    ASSERT_TRUE(migrator()->upgrade(deadline_));
    auto files = kThree;
    files[2].sha256 = "changed";
    const auto current = migrator(files)->current(deadline_);
    ASSERT_FALSE(current);
    EXPECT_EQ(current.error().kind, ErrorKind::corrupt);
    EXPECT_THAT(current.error().message, AllOf(HasSubstr(path_), HasSubstr("0002_b")));
}

TEST_F(MigratorTest, OlderSchemaIsUpgradedOnOpeningOrSaysWhatToRun) {
    ASSERT_TRUE(product()->upgrade(deadline_));
    ASSERT_TRUE(product()->downgrade_to(0, deadline_));
    const auto refused = catalog::open_sqlite_catalog({.path = path_, .schema = SchemaPolicy::require});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
    EXPECT_THAT(refused.error().message, AllOf(HasSubstr(path_), HasSubstr("audio-ident db upgrade")));

    ASSERT_TRUE(catalog::open_sqlite_catalog({.path = path_}));
    EXPECT_TRUE(catalog::open_sqlite_catalog({.path = path_, .schema = SchemaPolicy::require}));
}

TEST_F(MigratorTest, MissingDatabaseSaysWhatToRunWhenItMayNotBeMade) {
    const auto refused = catalog::open_sqlite_catalog({.path = path_, .schema = SchemaPolicy::require});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::not_available);
    EXPECT_THAT(refused.error().message, AllOf(HasSubstr(path_), HasSubstr("audio-ident db upgrade")));
    EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(MigratorTest, OpenCatalogNoticesADowngrade) {
    auto opened = catalog::open_sqlite_catalog({.path = path_});
    ASSERT_TRUE(opened);
    ASSERT_TRUE(product()->downgrade_to(0, deadline_));
    EXPECT_FALSE((*opened)->ping(deadline_));
    const auto again = (*opened)->ping(deadline_);
    ASSERT_FALSE(again);
    EXPECT_THAT(again.error().message, HasSubstr("audio-ident db upgrade"));
    ASSERT_TRUE(product()->upgrade(deadline_));
    EXPECT_TRUE((*opened)->ping(deadline_));
}

TEST_F(MigratorTest, ProgramsThatMigrateAtOnceTakeTurns) {
    std::vector<std::unique_ptr<ChildProgram>> programs;
    for (int i = 0; i < 6; ++i) {
        programs.push_back(std::make_unique<ChildProgram>(std::vector<std::string>{path_, "upgrade"}));
    }
    std::vector<std::string> done;
    for (const auto& program : programs) {
        for (const std::string& line : program->lines()) done.push_back(line);
        EXPECT_EQ(program->wait(), 0);
    }
    std::vector<std::string> expected;
    const auto migrator = product();
    for (const auto& migration : migrator->migrations()) expected.push_back(migration.name);
    EXPECT_EQ(done, expected) << "each migration was done once, by one of them";
    EXPECT_TRUE(catalog::open_sqlite_catalog({.path = path_, .schema = SchemaPolicy::require}));
}

}  // namespace
}  // namespace audio_ident::test
