#include "catalog/sqlite_backend.hpp"

#include <unistd.h>
#include <utility>

#include "lib/soci/sqlite_connection.hpp"
#include "util/path_text.hpp"

namespace audio_ident::catalog {
namespace {

std::string json_list(std::span<const TrackId> ids) {
    std::string list = "[";
    for (const TrackId& id : ids) list += (list.size() == 1 ? "\"" : ",\"") + id.to_string() + '"';
    return list + ']';
}

class SqliteBackend : public SqlBackend {
  public:
    explicit SqliteBackend(std::string path) : path_(std::move(path)), location_(util::path_to_text(path_)) {
        dialect_.begin_read = "BEGIN";
        // SQLite refuses to upgrade a read transaction to a write transaction, so take the write lock at the start.
        dialect_.begin_write = "BEGIN IMMEDIATE";
        dialect_.begin_migration = "BEGIN IMMEDIATE";
        dialect_.count_table = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = :name";
        dialect_.count_tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table'";
        // One JSON text holds any number of ids. SQLite allows at most 32,766 separate parameters.
        dialect_.id_in_list = "id IN (SELECT value FROM json_each(:value))";
        dialect_.list_of = &json_list;
        dialect_.timestamp_text = [](const std::string& column) { return column; };
        dialect_.seconds_between = [](const std::string& begin, const std::string& end) {
            return "(julianday(" + end + ") - julianday(" + begin + ")) * 86400";
        };
    }

    Result<std::unique_ptr<lib::Connection>> connect(Create create, const Deadline& deadline) override {
        using lib::SqliteConnection;
        return SqliteConnection::open(
            path_, create == Create::never ? SqliteConnection::Create::never : SqliteConnection::Create::if_missing,
            deadline);
    }
    bool exists() override { return access(path_.c_str(), F_OK) == 0; }
    const std::string& location() const override { return location_; }
    const SqlDialect& dialect() const override { return dialect_; }
    std::span<const EmbeddedFile> migration_files() const override { return sqlite_migration_files(); }

  private:
    std::string path_;
    std::string location_;
    SqlDialect dialect_;
};

}  // namespace

std::shared_ptr<SqlBackend> make_sqlite_backend(const std::string& path) {
    return std::make_shared<SqliteBackend>(path);
}

}  // namespace audio_ident::catalog
