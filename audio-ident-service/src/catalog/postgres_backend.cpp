#include "catalog/postgres_backend.hpp"

#include <utility>

#include "lib/soci/postgres_connection.hpp"
#include "util/url.hpp"

namespace audio_ident::catalog {
namespace {

std::string array_of(std::span<const TrackId> ids) {
    std::string list = "{";
    for (const TrackId& id : ids) {
        if (list.size() > 1) list += ',';
        list += id.to_string();
    }
    return list + '}';
}

std::string utc_text(const std::string& column) {
    return "to_char(" + column + R"( AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))";
}

class PostgresBackend : public SqlBackend {
  public:
    explicit PostgresBackend(std::string url) : url_(std::move(url)), location_(util::mask_url(url_)) {
        dialect_.begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        // Every change updates this row (migrations/postgresql). Locking it first makes writers queue here and never
        // deadlock. Each statement after it sees what the writers before it committed.
        dialect_.begin_write = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT value FROM catalog_generation FOR UPDATE";
        // An arbitrary number that stands for "audio-ident's schema" among the database's advisory locks.
        dialect_.begin_migration = "BEGIN; SELECT pg_advisory_xact_lock(4702111234474983745)";
        dialect_.count_table =
            "SELECT count(*) FROM pg_catalog.pg_tables"
            " WHERE schemaname = ANY (current_schemas(false)) AND tablename = :name";
        dialect_.id_in_list = "id = ANY (CAST(:value AS uuid[]))";
        dialect_.list_of = &array_of;
        dialect_.timestamp_text = &utc_text;
        dialect_.seconds_between = [](const std::string& begin, const std::string& end) {
            return "CAST(extract(epoch FROM " + end + " - " + begin + ") AS double precision)";
        };
    }

    Result<std::unique_ptr<lib::Connection>> connect(Create, const Deadline& deadline) override {
        return lib::PostgresConnection::open(url_, deadline);
    }
    bool exists() override { return true; }
    const std::string& location() const override { return location_; }
    const SqlDialect& dialect() const override { return dialect_; }
    std::span<const EmbeddedFile> migration_files() const override { return postgresql_migration_files(); }

  private:
    std::string url_;
    std::string location_;
    SqlDialect dialect_;
};

}  // namespace

std::shared_ptr<SqlBackend> make_postgres_backend(const std::string& url) {
    return std::make_shared<PostgresBackend>(url);
}

}  // namespace audio_ident::catalog
