#include "catalog/migrator.hpp"

#include <gmock/gmock.h>

#include "backends.hpp"
#include "child_program.hpp"
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

/// A backend with different migrations.
class OtherMigrations : public SqlBackend {
  public:
    OtherMigrations(std::shared_ptr<SqlBackend> real, std::vector<EmbeddedFile> files)
        : real_(std::move(real)), files_(std::move(files)) {}

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
    {"0001_a.up.sql", "A1", "CREATE TABLE a (x text); INSERT INTO a VALUES (';'); CREATE TABLE a2 (x text);"},
    {"0001_a.down.sql", "A0", "DROP TABLE a; DROP TABLE a2;"},
    {"0002_b.up.sql", "B1", "CREATE TABLE b (x text);"},
    {"0002_b.down.sql", "B0", "DROP TABLE b;"},
    {"0003_c.up.sql", "C1", "CREATE TABLE c (x text);"},
    {"0003_c.down.sql", "C0", "DROP TABLE c;"},
};

/// After D programs of 0003 go on, after E those of 0004, after F none that does not know it.
const std::vector<EmbeddedFile> kMore = {
    {"0004_d.up.sql", "D1", "-- works-from: 0003\nCREATE TABLE d (x text);"},
    {"0004_d.down.sql", "D0", "DROP TABLE d;"},
    {"0005_e.up.sql", "E1", "-- works-from: 0004\nCREATE TABLE e (x text);"},
    {"0005_e.down.sql", "E0", "DROP TABLE e;"},
    {"0006_f.up.sql", "F1", "CREATE TABLE f (x text);"},
    {"0006_f.down.sql", "F0", "DROP TABLE f;"},
};

/// The migrations of a program whose newest one has this number.
std::vector<EmbeddedFile> up_to(int version) {
    auto files = kThree;
    files.insert(files.end(), kMore.begin(), kMore.end());
    files.resize(2 * static_cast<std::size_t>(version));
    return files;
}

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

class MigratorTest : public testing::TestWithParam<Backend> {
  protected:
    std::unique_ptr<Migrator> migrator(std::vector<EmbeddedFile> files = kThree) {
        return Migrator::create(std::make_shared<OtherMigrations>(database_->backend(), std::move(files))).value();
    }
    std::unique_ptr<Migrator> product() { return database_->migrator(); }
    Result<std::unique_ptr<catalog::SqlCatalog>> open(SchemaPolicy policy = SchemaPolicy::upgrade) {
        return catalog::SqlCatalog::open(database_->backend(), policy, {}, deadline_);
    }
    std::unique_ptr<lib::Connection> connect() {
        return database_->backend()->connect(SqlBackend::Create::never, deadline_).value();
    }

    std::vector<std::string> texts(const std::string& sql) {
        std::vector<std::string> all;
        const auto connection = connect();
        const soci::rowset<std::string> rows = (connection->session().prepare << sql);
        for (const std::string& text : rows) all.push_back(text);
        return all;
    }
    /// Table names in order, without the migrator's own tables.
    std::vector<std::string> tables() {
        return texts("SELECT name FROM (" + database_->tables_sql() +
                     ") AS t WHERE name NOT IN ('schema_migrations', 'schema_compatibility') ORDER BY name");
    }
    void run_sql(const std::string& sql) { connect()->run_script(sql); }
    int current_version(Migrator& which) {
        const auto current = which.current(deadline_);
        EXPECT_TRUE(current) << current.error().message;
        return current && *current ? (*current)->version : 0;
    }

    std::unique_ptr<TestDatabase> database_ = GetParam().create();
    std::string location_ = database_->backend()->location();
    Deadline deadline_ = Deadline::after(std::chrono::seconds(60));
};
INSTANTIATE_TEST_SUITE_P(All, MigratorTest, testing::ValuesIn(shared_backends()), testing::PrintToStringParamName());

/// Tests that need a database in a file.
class SqliteMigratorTest : public MigratorTest {
  protected:
    std::string path_ = database_->place();
};
INSTANTIATE_TEST_SUITE_P(All, SqliteMigratorTest, testing::Values(shared_backends().front()),
                         testing::PrintToStringParamName());

TEST_P(MigratorTest, ProductGoesUpDownAndUpAgain) {
    const auto migrator = product();
    ASSERT_EQ(migrator->heads().size(), 1U);
    const int head = migrator->heads().front().version;

    EXPECT_EQ(current_version(*migrator), 0);
    EXPECT_THAT(names(migrator->upgrade(deadline_)), testing::SizeIs(head));
    EXPECT_EQ(current_version(*migrator), head);
    EXPECT_THAT(names(migrator->upgrade(deadline_)), IsEmpty()) << "nothing left to do";
    EXPECT_THAT(names(migrator->downgrade_to(0, deadline_)), testing::SizeIs(head));
    EXPECT_THAT(tables(), IsEmpty());
    EXPECT_THAT(names(migrator->upgrade(deadline_)), testing::SizeIs(head));
}

TEST_P(MigratorTest, ProductHasThePlansIndexes) {
    ASSERT_TRUE(product()->upgrade(deadline_));
    EXPECT_THAT(texts(database_->indexes_sql()),
                testing::IsSupersetOf({"ix_tracks_file_hash", "ix_tracks_artist_title", "ix_tracks_ingested_at"}));
}

// An index that starts with the state made SQLite sort 100,000 whole rows for one page, which took 7 s instead of 0.1
// s.
TEST_P(SqliteMigratorTest, ProductListsWithoutSorting) {
    ASSERT_TRUE(product()->upgrade(deadline_));
    const auto connection = connect();
    for (const char* where : {"", "WHERE state = 'ready'", "WHERE state = 'ready' AND search_text LIKE '%x%'"}) {
        int id = 0;
        int parent = 0;
        int unused = 0;
        std::string plan;
        connection->session() << "EXPLAIN QUERY PLAN SELECT title FROM tracks " << where
                              << " ORDER BY ingested_at DESC, id LIMIT 1",
            soci::into(id), soci::into(parent), soci::into(unused), soci::into(plan);
        EXPECT_EQ(plan, "SCAN tracks USING INDEX ix_tracks_ingested_at") << where;
    }
}

TEST_P(MigratorTest, StepsGoDownNewestFirst) {
    const auto all = migrator();
    EXPECT_THAT(names(all->upgrade(deadline_)), ElementsAre("0001_a", "0002_b", "0003_c"));
    EXPECT_THAT(tables(), ElementsAre("a", "a2", "b", "c"));
    EXPECT_THAT(names(all->downgrade(2, deadline_)), ElementsAre("0003_c", "0002_b"));
    EXPECT_THAT(tables(), ElementsAre("a", "a2"));
    EXPECT_THAT(names(all->upgrade(deadline_)), ElementsAre("0002_b", "0003_c"));
    EXPECT_THAT(names(all->downgrade_to(2, deadline_)), ElementsAre("0003_c"));
    EXPECT_EQ(current_version(*all), 2);
}

TEST_P(MigratorTest, ImpossibleStepsAreRefused) {
    const auto all = migrator();
    for (const auto& refused : {all->downgrade(1, deadline_), all->downgrade_to(1, deadline_),
                                all->downgrade(0, deadline_), all->downgrade_to(-1, deadline_)}) {
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input) << refused.error().message;
    }
}

TEST_P(MigratorTest, FailedMigrationLeavesNothingBehind) {
    auto files = first(4);
    files[2].text = "CREATE TABLE b (x text); CREATE TABLE b (x text);";
    const auto result = migrator(files)->upgrade(deadline_);
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().message, HasSubstr("already exists"));
    EXPECT_THAT(tables(), ElementsAre("a", "a2"));
    EXPECT_THAT(names(migrator()->upgrade(deadline_)), ElementsAre("0002_b", "0003_c"))
        << "continues from the failed migration";
}

TEST_P(MigratorTest, ResetGivesAnEmptyDatabaseAtTheHead) {
    const auto all = migrator();
    ASSERT_TRUE(all->reset(deadline_)) << "resetting a catalog that does not exist yet";
    run_sql("INSERT INTO a2 VALUES ('x')");
    ASSERT_TRUE(all->reset(deadline_));
    EXPECT_EQ(current_version(*all), 3);
    long long rows = -1;
    connect()->session() << "SELECT count(*) FROM a2", soci::into(rows);
    EXPECT_EQ(rows, 0);
}

TEST_P(MigratorTest, NewerSchemaIsRefusedByEveryCommandAndByTheCatalog) {
    ASSERT_TRUE(migrator()->upgrade(deadline_));
    const auto older = migrator(first(4));
    for (const Error& error :
         {older->upgrade(deadline_).error(), older->downgrade(1, deadline_).error(), older->current(deadline_).error(),
          older->reset(deadline_).error(),
          catalog::SqlCatalog::open(std::make_shared<OtherMigrations>(database_->backend(), first(4)),
                                    SchemaPolicy::upgrade, {}, deadline_)
              .error()}) {
        EXPECT_EQ(error.kind, ErrorKind::unsupported);
        EXPECT_THAT(error.message, AllOf(HasSubstr(location_), HasSubstr("newer"), HasSubstr("0003_c")));
    }
    EXPECT_THAT(tables(), ElementsAre("a", "a2", "b", "c"));
}

TEST_P(MigratorTest, AProgramGoesOnAfterAStepThatItDoesNotKnowWhenThatStepSaysSo) {
    const auto older = migrator(up_to(3));
    ASSERT_TRUE(older->upgrade(deadline_));
    EXPECT_THAT(names(migrator(up_to(4))->upgrade(deadline_)), ElementsAre("0004_d"));
    EXPECT_TRUE(older->check_schema(*connect()));
    EXPECT_EQ(current_version(*older), 4);
    EXPECT_THAT(names(older->upgrade(deadline_)), IsEmpty()) << "nothing to do";
    EXPECT_FALSE(older->check_schema(*connect(), Migrator::Newer::refuse));
    for (const Error& error : {older->downgrade(1, deadline_).error(), older->downgrade_to(0, deadline_).error(),
                               older->reset(deadline_).error()}) {
        EXPECT_EQ(error.kind, ErrorKind::unsupported);
        EXPECT_THAT(error.message, AllOf(HasSubstr(location_), HasSubstr("newer"), HasSubstr("0004_d")));
    }
    EXPECT_THAT(tables(), ElementsAre("a", "a2", "b", "c", "d"));
}

TEST_P(MigratorTest, OfSeveralStepsEachMustSayThatTheProgramGoesOn) {
    ASSERT_TRUE(migrator(up_to(5))->upgrade(deadline_));
    EXPECT_TRUE(migrator(up_to(4))->check_schema(*connect()));
    const auto refused = migrator(up_to(3))->check_schema(*connect());
    ASSERT_FALSE(refused) << "0005 needs programs of 0004";
    EXPECT_THAT(refused.error().message, HasSubstr("0005_e"));
    ASSERT_TRUE(migrator(up_to(6))->upgrade(deadline_));
    EXPECT_FALSE(migrator(up_to(5))->check_schema(*connect())) << "0006 says nothing";
    ASSERT_TRUE(migrator(up_to(6))->downgrade(1, deadline_));
    EXPECT_TRUE(migrator(up_to(5))->check_schema(*connect()));
    ASSERT_TRUE(migrator(up_to(6))->reset(deadline_));
    EXPECT_FALSE(migrator(up_to(5))->check_schema(*connect()));
}

TEST_P(MigratorTest, ADatabaseOfAnEarlierReleaseHasNoRecordOfThatAndIsUpgraded) {
    ASSERT_TRUE(migrator(up_to(3))->upgrade(deadline_));
    run_sql("DROP TABLE schema_compatibility");
    EXPECT_FALSE(migrator(up_to(2))->check_schema(*connect()));
    EXPECT_TRUE(migrator(up_to(3))->check_schema(*connect()));
    EXPECT_THAT(names(migrator(up_to(4))->upgrade(deadline_)), ElementsAre("0004_d"));
    EXPECT_TRUE(migrator(up_to(3))->check_schema(*connect()));
    run_sql("DROP TABLE schema_compatibility");
    EXPECT_THAT(names(migrator(up_to(4))->downgrade(1, deadline_)), ElementsAre("0004_d"));
}

TEST_P(MigratorTest, AnOpenCatalogGoesOnDuringAnUpgradeAndNoCopyIsMadeOfWhatItDoesNotKnow) {
    auto opened = open();
    ASSERT_TRUE(opened);
    const auto track = make_track(1);
    ASSERT_TRUE((*opened)->insert(track, deadline_));
    const auto known = database_->backend()->migration_files();
    std::vector<EmbeddedFile> files(known.begin(), known.end());
    const int head = product()->heads().front().version;
    const std::string name = fmt::format("{:04}_next", head + 1);
    const std::string up = name + ".up.sql";
    const std::string down = name + ".down.sql";
    const std::string sql = fmt::format("-- works-from: {:04}\nALTER TABLE tracks ADD COLUMN next_note text", head);
    files.push_back({up, "next", sql});
    files.push_back({down, "back", "ALTER TABLE tracks DROP COLUMN next_note"});
    ASSERT_THAT(names(migrator(files)->upgrade(deadline_)), ElementsAre(name));

    const auto begun_later = open(SchemaPolicy::require);
    ASSERT_TRUE(begun_later) << begun_later.error().message;
    for (auto* catalog : {opened->get(), begun_later->get()}) {
        EXPECT_TRUE(catalog->find(track.id, deadline_).value().has_value());
        EXPECT_TRUE(catalog->update(track, deadline_).value());
    }
    EXPECT_TRUE((*opened)->insert(make_track(2), deadline_));
    EXPECT_TRUE(open()) << "nothing is left to upgrade";
    const auto exact = open(SchemaPolicy::exact);
    ASSERT_FALSE(exact);
    EXPECT_EQ(exact.error().kind, ErrorKind::unsupported);
}

TEST_P(MigratorTest, ChangedMigrationIsReported) {
    ASSERT_TRUE(migrator()->upgrade(deadline_));
    auto files = kThree;
    files[2].sha256 = "changed";
    const auto current = migrator(files)->current(deadline_);
    ASSERT_FALSE(current);
    EXPECT_EQ(current.error().kind, ErrorKind::corrupt);
    EXPECT_THAT(current.error().message, AllOf(HasSubstr(location_), HasSubstr("0002_b")));
}

TEST_P(MigratorTest, OlderSchemaIsUpgradedOnOpeningOrSaysWhatToRun) {
    ASSERT_TRUE(product()->upgrade(deadline_));
    ASSERT_TRUE(product()->downgrade_to(0, deadline_));
    const auto refused = open(SchemaPolicy::require);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
    EXPECT_THAT(refused.error().message, AllOf(HasSubstr(location_), HasSubstr("audio-ident db upgrade")));

    ASSERT_TRUE(open());
    EXPECT_TRUE(open(SchemaPolicy::require));
}

TEST_P(SqliteMigratorTest, MissingDatabaseSaysWhatToRunWhenItMayNotBeMade) {
    EXPECT_EQ(current_version(*product()), 0);
    EXPECT_FALSE(migrator()->downgrade(1, deadline_));
    const auto refused = open(SchemaPolicy::require);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::not_available);
    EXPECT_THAT(refused.error().message, AllOf(HasSubstr(path_), HasSubstr("audio-ident db upgrade")));
    EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_P(MigratorTest, OpenCatalogNoticesADowngrade) {
    auto opened = open();
    ASSERT_TRUE(opened);
    ASSERT_TRUE(product()->downgrade_to(0, deadline_));
    EXPECT_FALSE((*opened)->ping(deadline_));
    const auto again = (*opened)->ping(deadline_);
    ASSERT_FALSE(again);
    EXPECT_THAT(again.error().message, HasSubstr("audio-ident db upgrade"));
    ASSERT_TRUE(product()->upgrade(deadline_));
    EXPECT_TRUE((*opened)->ping(deadline_));
}

TEST_P(MigratorTest, ProgramsThatMigrateAtOnceTakeTurns) {
    std::vector<std::unique_ptr<ChildProgram>> programs;
    for (int i = 0; i < 6; ++i) {
        programs.push_back(std::make_unique<ChildProgram>(std::vector<std::string>{database_->place(), "upgrade"}));
    }
    std::vector<std::string> done;
    for (const auto& program : programs) {
        for (const std::string& line : program->lines()) done.push_back(line);
        EXPECT_EQ(program->wait(), 0);
    }
    std::vector<std::string> expected;
    const auto migrator = product();
    for (const auto& migration : migrator->migrations()) expected.push_back(migration.name);
    EXPECT_THAT(done, testing::UnorderedElementsAreArray(expected)) << "each migration was done once, by one of them";
    EXPECT_TRUE(open(SchemaPolicy::require));
}

}  // namespace
}  // namespace audio_ident::test
