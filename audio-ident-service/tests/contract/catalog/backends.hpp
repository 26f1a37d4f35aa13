#pragma once

#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "catalog/postgres_backend.hpp"
#include "catalog/postgres_catalog.hpp"
#include "catalog/sqlite_backend.hpp"
#include "catalog/sqlite_catalog.hpp"
#include "support/fake_catalog.hpp"
#include "support/postgres_server.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::test {

/// An empty database of one kind, for one test.
class TestDatabase {
  public:
    using Clock = std::function<catalog::Timestamp()>;

    virtual ~TestDatabase() = default;
    /// Opens another instance on the same rows, as another part of the program or another program would.
    virtual Result<std::unique_ptr<catalog::Catalog>> open(Clock clock) = 0;

    // The methods below exist only on shared_backends().
    virtual std::unique_ptr<catalog::Migrator> migrator() { throw std::logic_error("this backend has no schema"); }
    virtual std::shared_ptr<catalog::SqlBackend> backend() { throw std::logic_error("this backend has no SQL"); }
    /// The PLACE argument of child.cpp.
    virtual std::string place() const { throw std::logic_error("this backend has no place"); }
    /// Connections that a server holds for programs; 0 without a server.
    virtual int connections() const { return 0; }
    /// A SELECT for the names of all tables, or of all indexes that a migration created.
    virtual std::string tables_sql() const { throw std::logic_error("this backend has no SQL"); }
    virtual std::string indexes_sql() const { throw std::logic_error("this backend has no SQL"); }
};

class FakeDatabase : public TestDatabase {
  public:
    Result<std::unique_ptr<catalog::Catalog>> open(Clock clock) override {
        return std::make_unique<FakeCatalog>(std::move(clock));
    }
};

class SqliteDatabase : public TestDatabase {
  public:
    Result<std::unique_ptr<catalog::Catalog>> open(Clock clock) override {
        return catalog::open_sqlite_catalog({.path = place(), .clock = std::move(clock)});
    }
    std::unique_ptr<catalog::Migrator> migrator() override {
        return catalog::open_sqlite_migrator({.path = place()}).value();
    }
    std::shared_ptr<catalog::SqlBackend> backend() override { return catalog::make_sqlite_backend(place()); }
    std::string place() const override { return folder_ / "catalog.sqlite"; }
    std::string tables_sql() const override { return "SELECT name FROM sqlite_master WHERE type = 'table'"; }
    std::string indexes_sql() const override {
        return "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
    }

  private:
    TempFolder folder_;
};

class PostgresDatabase : public TestDatabase {
  public:
    Result<std::unique_ptr<catalog::Catalog>> open(Clock clock) override {
        return catalog::open_postgres_catalog(
            {.url = url_, .schema = catalog::SchemaPolicy::upgrade, .clock = std::move(clock)});
    }
    std::unique_ptr<catalog::Migrator> migrator() override {
        return catalog::open_postgres_migrator({.url = url_}).value();
    }
    std::shared_ptr<catalog::SqlBackend> backend() override { return catalog::make_postgres_backend(url_); }
    std::string place() const override { return url_; }
    int connections() const override { return PostgresServer::connections(url_); }
    std::string tables_sql() const override {
        return "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'";
    }
    std::string indexes_sql() const override { return "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"; }

  private:
    std::string url_ = PostgresServer::shared().new_database();
};

struct Backend {
    const char* name;
    std::function<std::unique_ptr<TestDatabase>()> create;
};
inline void PrintTo(const Backend& backend, std::ostream* out) {
    *out << backend.name;
}

/// Backends that can be opened several times, also by several programs.
inline std::vector<Backend> shared_backends() {
    return {
        {"Sqlite", [] { return std::make_unique<SqliteDatabase>(); }},
        {"Postgres", [] { return std::make_unique<PostgresDatabase>(); }},
    };
}

inline std::vector<Backend> all_backends() {
    std::vector<Backend> all = shared_backends();
    all.push_back({"Fake", [] { return std::make_unique<FakeDatabase>(); }});
    return all;
}

class CatalogTest : public testing::TestWithParam<Backend> {
  protected:
    CatalogTest() : database_(GetParam().create()), catalog_(open()) {}

    std::unique_ptr<catalog::Catalog> open() {
        auto opened = database_->open([this] { return now_; });
        if (!opened) throw std::runtime_error(opened.error().message);
        return std::move(*opened);
    }
    void add(const catalog::Track& track) {
        const auto added = catalog_->insert(track, deadline_);
        ASSERT_TRUE(added) << added.error().message;
    }

    std::unique_ptr<TestDatabase> database_;
    catalog::Timestamp now_{std::chrono::sys_days(std::chrono::year(2026) / 2 / 14) + std::chrono::microseconds(7)};
    Deadline deadline_ = Deadline::after(std::chrono::seconds(60));
    std::unique_ptr<catalog::Catalog> catalog_;
};

}  // namespace audio_ident::test
