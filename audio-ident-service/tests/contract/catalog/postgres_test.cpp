#include <atomic>
#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <map>
#include <sstream>
#include <thread>

#include "backends.hpp"
#include "core/track_id.hpp"
#include "support/tracks.hpp"

namespace audio_ident::test {
namespace {

using catalog::open_postgres_catalog;
using catalog::PostgresCatalogSettings;
using catalog::SchemaPolicy;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr auto kLong = std::chrono::seconds(60);

std::string psql(const TestDatabase& database, const std::string& sql) {
    return PostgresServer::psql(database.place(), sql);
}

/// Waits until a connection runs the statement SELECT pg_sleep(600).
void wait_for_sleeper(const TestDatabase& database) {
    while (psql(database, "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)'") == "0\n") {
    }
}

int parent_of(int process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    const std::string text(std::istreambuf_iterator<char>(file), {});
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string state;
    int parent = 0;
    fields >> state >> parent;
    return parent;
}

/// Behaviour that only a PostgreSQL server has.
TEST(PostgresSchema, HasThePlansIndexesAndTypes) {
    PostgresDatabase database;
    ASSERT_TRUE(database.migrator()->upgrade(Deadline::after(kLong)));
    const std::string indexes = psql(database, "\\di");
    for (const char* name : {"ix_tracks_file_hash", "ix_tracks_artist_title", "ix_tracks_ingested_at", "tracks_pkey"}) {
        EXPECT_THAT(indexes, HasSubstr(name));
    }
    EXPECT_THAT(psql(database, "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_tracks_file_hash'"),
                HasSubstr("CREATE UNIQUE INDEX"));

    std::map<std::string, std::string> types;
    std::istringstream rows(psql(database,
                                 "SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
                                 " WHERE attrelid = 'tracks'::regclass AND attnum > 0"));
    for (std::string row; std::getline(rows, row);) types[row.substr(0, row.find('|'))] = row.substr(row.find('|') + 1);
    const std::map<std::string, std::string> plan = {
        {"id", "uuid|t"},
        {"title", "character varying(500)|t"},
        {"artist", "character varying(500)|f"},
        {"album", "character varying(500)|f"},
        {"duration_seconds", "double precision|t"},
        {"sample_rate", "integer|f"},
        {"channels", "integer|f"},
        {"bitrate", "integer|f"},
        {"format", "character varying(20)|f"},
        {"file_hash_sha256", "character varying(64)|t"},
        {"file_size_bytes", "bigint|t"},
        {"file_path", "text|t"},
        {"chromaprint_fingerprint", "text|f"},
        {"chromaprint_duration", "double precision|f"},
        {"fingerprint_indexed", "boolean|t"},
        {"embedding_model", "character varying(100)|f"},
        {"embedding_dim", "integer|f"},
        {"tags", "text|f"},
        {"ingested_at", "timestamp with time zone|t"},
        {"updated_at", "timestamp with time zone|t"},
    };
    for (const auto& [name, type] : plan) EXPECT_EQ(types[name], type) << name;
}

TEST(PostgresSchema, MakesIdsAndTimesForRowsWithout) {
    PostgresDatabase database;
    ASSERT_TRUE(database.migrator()->upgrade(Deadline::after(kLong)));
    psql(database,
         "INSERT INTO tracks (title, duration_seconds, file_hash_sha256, file_size_bytes, file_path, file_modified_ns,"
         " search_text) VALUES ('a', 1, repeat('0', 64), 1, '/a', 1, 'a')");
    std::string id = psql(database, "SELECT id FROM tracks WHERE ingested_at <= now() AND updated_at <= now()");
    id.pop_back();
    EXPECT_TRUE(TrackId::parse(id)) << id;
    EXPECT_EQ(id.at(14), '4') << "a random UUID";
}

TEST(PostgresSchema, OthersTablesBesideOursAreLeftAlone) {
    PostgresDatabase database;
    psql(database, "CREATE TABLE others (x integer)");
    ASSERT_TRUE(database.migrator()->upgrade(Deadline::after(kLong)));
    ASSERT_TRUE(database.migrator()->reset(Deadline::after(kLong)));
    EXPECT_EQ(psql(database, "SELECT count(*) FROM others"), "0\n");
}

TEST(PostgresCatalog, ConnectsAnewAfterAnOutage) {
    PostgresServer server;
    const auto opened =
        open_postgres_catalog({.url = server.new_database(), .schema = SchemaPolicy::upgrade}, Deadline::after(kLong));
    ASSERT_TRUE(opened) << opened.error().message;
    catalog::Catalog& catalog = **opened;
    ASSERT_TRUE(catalog.insert(make_track(1), Deadline::after(kLong)));

    server.stop();
    for (int i = 0; i < 3; ++i) {
        const auto gone = catalog.count(std::nullopt, Deadline::after(kLong));
        ASSERT_FALSE(gone);
        EXPECT_EQ(gone.error().kind, ErrorKind::not_available);
        EXPECT_THAT(gone.error().message, HasSubstr("cannot reach PostgreSQL at postgresql://audio_ident:***@"));
        EXPECT_EQ(catalog.insert(make_track(2), Deadline::after(kLong)).error().kind, ErrorKind::not_available);
    }

    server.start();
    EXPECT_EQ(catalog.count(std::nullopt, Deadline::after(kLong)), 1);
    EXPECT_TRUE(catalog.insert(make_track(2), Deadline::after(kLong)));

    // The server restarts between two calls, and the caller does not notice.
    server.stop();
    server.start();
    EXPECT_EQ(catalog.count(std::nullopt, Deadline::after(kLong)), 2);
    EXPECT_TRUE(catalog.insert(make_track(3), Deadline::after(kLong)));
}

TEST(PostgresCatalog, AnOutageUnderLoadFailsCallsAndNothingElse) {
    PostgresServer server;
    const auto opened =
        open_postgres_catalog({.url = server.new_database(), .schema = SchemaPolicy::upgrade}, Deadline::after(kLong));
    ASSERT_TRUE(opened) << opened.error().message;
    std::atomic<int> calls = 0;
    std::atomic<int> failures = 0;
    std::atomic<bool> done = false;
    std::vector<std::thread> users;
    for (int user = 0; user < 6; ++user) {
        users.emplace_back([&] {
            while (!done) {
                const auto answer = (*opened)->list({}, Deadline::after(kLong));
                if (!answer) {
                    EXPECT_EQ(answer.error().kind, ErrorKind::not_available) << answer.error().message;
                    ++failures;
                }
                ++calls;
            }
        });
    }
    const auto wait_for_calls = [&](int more) {
        for (const int target = calls + more; calls < target;) std::this_thread::yield();
    };
    wait_for_calls(50);
    server.stop();
    wait_for_calls(50);
    EXPECT_GT(failures, 0);
    server.start();
    wait_for_calls(50);
    const int before = failures;
    wait_for_calls(50);
    EXPECT_EQ(failures, before);
    done = true;
    for (std::thread& user : users) user.join();
}

TEST(PostgresCatalog, AServerThatIsNotThereIsNamedWithoutThePassword) {
    const auto refused = open_postgres_catalog({.url = "postgresql://audio_ident:hunter2@127.0.0.1:1/music"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::not_available);
    EXPECT_THAT(refused.error().message,
                AllOf(HasSubstr("cannot reach PostgreSQL at postgresql://audio_ident:***@127.0.0.1:1/music"),
                      HasSubstr("onnection refused"), HasSubstr("make docker-up"), Not(HasSubstr("hunter2"))));
}

TEST(PostgresCatalog, AWrongDatabaseOrUserIsSaidToBeSo) {
    const std::string good = PostgresServer::shared().new_database();
    std::string url = good;
    url.replace(url.find("/test"), 5, "/none");
    const auto refused = open_postgres_catalog({.url = url});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::not_available);
    EXPECT_THAT(refused.error().message, AllOf(HasSubstr("does not exist"), HasSubstr("DATABASE_URL")));
}

TEST(PostgresCatalog, AStatementEndsAtItsDeadline) {
    PostgresDatabase database;
    const auto connection = database.backend()->connect(catalog::SqlBackend::Create::never, Deadline());
    ASSERT_TRUE(connection) << connection.error().message;
    (*connection)->set_deadline(Deadline::after(std::chrono::milliseconds(300)));
    try {
        (*connection)->session() << "SELECT pg_sleep(600)";
        FAIL() << "it ran on";
    } catch (const std::exception& exception) {
        const auto error = (*connection)->describe(exception);
        EXPECT_EQ(error.kind, ErrorKind::timeout) << exception.what();
        EXPECT_EQ(error.reason, Reason::unspecified) << "it had little time";
    }
}

TEST(PostgresCatalog, AServerThatTakesLongInVainIsNotAvailable) {
    PostgresDatabase database;
    const auto connection = database.backend()->connect(catalog::SqlBackend::Create::never, Deadline());
    ASSERT_TRUE(connection) << connection.error().message;
    (*connection)->set_deadline(Deadline::after(std::chrono::milliseconds(1100)));
    try {
        (*connection)->session() << "SELECT pg_sleep(600)";
        FAIL() << "it ran on";
    } catch (const std::exception& exception) {
        EXPECT_EQ((*connection)->describe(exception).reason, Reason::store_unavailable) << exception.what();
    }
}

TEST(PostgresCatalog, AServerThatHangsIsNotWaitedFor) {
    PostgresDatabase database;
    const auto backend = database.backend();
    const auto connection = backend->connect(catalog::SqlBackend::Create::never, Deadline());
    ASSERT_TRUE(connection) << connection.error().message;
    int process = 0;
    (*connection)->session() << "SELECT pg_backend_pid()", soci::into(process);
    ASSERT_EQ(::kill(process, SIGSTOP), 0);
    (*connection)->set_deadline(Deadline::after(std::chrono::milliseconds(300)));
    try {
        (*connection)->session() << "SELECT 1";
        ADD_FAILURE() << "it answered";
    } catch (const std::exception& exception) {
        const auto error = (*connection)->describe(exception);
        EXPECT_EQ(error.kind, ErrorKind::not_available) << exception.what();
        EXPECT_THAT(error.message, HasSubstr("does not answer"));
    }
    EXPECT_FALSE((*connection)->is_usable());
    ::kill(process, SIGCONT);
    EXPECT_TRUE(backend->connect(catalog::SqlBackend::Create::never, Deadline::after(std::chrono::seconds(60))));
}

TEST(PostgresCatalog, AStopDoesNotWaitForAServerThatHangs) {
    PostgresDatabase database;
    std::stop_source stop;
    const auto backend = database.backend();
    const auto connection = backend->connect(catalog::SqlBackend::Create::never, Deadline::never(stop.get_token()));
    ASSERT_TRUE(connection) << connection.error().message;
    int process = 0;
    (*connection)->session() << "SELECT pg_backend_pid()", soci::into(process);
    std::thread asker([&] { EXPECT_ANY_THROW((*connection)->session() << "SELECT pg_sleep(600)"); });
    wait_for_sleeper(database);
    const int server = parent_of(process);
    ASSERT_EQ(::kill(server, SIGSTOP), 0);
    ASSERT_EQ(::kill(process, SIGSTOP), 0);
    stop.request_stop();
    asker.join();
    ::kill(process, SIGCONT);
    ::kill(server, SIGCONT);
    EXPECT_FALSE((*connection)->is_usable());
    EXPECT_TRUE(backend->connect(catalog::SqlBackend::Create::never, Deadline::after(std::chrono::seconds(60))));
}

TEST(PostgresCatalog, AStopCancelsAStatement) {
    PostgresDatabase database;
    std::stop_source stop;
    const auto connection =
        database.backend()->connect(catalog::SqlBackend::Create::never, Deadline::never(stop.get_token()));
    ASSERT_TRUE(connection) << connection.error().message;
    std::thread stopper([&] {
        wait_for_sleeper(database);
        stop.request_stop();
    });
    try {
        (*connection)->session() << "SELECT pg_sleep(600)";
        ADD_FAILURE() << "it ran on";
    } catch (const std::exception& exception) {
        EXPECT_EQ((*connection)->describe(exception).kind, ErrorKind::timeout) << exception.what();
    }
    stopper.join();
}

}  // namespace
}  // namespace audio_ident::test
