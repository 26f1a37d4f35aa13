#include "catalog/migrator.hpp"

#include <algorithm>

#include "catalog/timestamp_text.hpp"

namespace audio_ident::catalog {
namespace {

constexpr const char* kCreateHistory =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    " version INTEGER NOT NULL PRIMARY KEY,"
    " name TEXT NOT NULL,"
    " applied_at TEXT NOT NULL,"
    " checksum TEXT NOT NULL);"
    // Of the steps after which programs that do not know them can still use the schema.
    "CREATE TABLE IF NOT EXISTS schema_compatibility ("
    " version INTEGER NOT NULL PRIMARY KEY,"
    " works_from INTEGER NOT NULL)";
constexpr const char* kHistory = "schema_migrations";
constexpr const char* kCompatibility = "schema_compatibility";

bool has_table(soci::session& sql, const SqlDialect& dialect, const std::string& name) {
    long long count = 0;
    sql << dialect.count_table, soci::use(name, "name"), soci::into(count);
    return count > 0;
}

}  // namespace

Result<std::unique_ptr<Migrator>> Migrator::create(std::shared_ptr<SqlBackend> backend) {
    auto migrations = order_migrations(backend->migration_files());
    if (!migrations) return forward(migrations);
    return std::unique_ptr<Migrator>(new Migrator(std::move(backend), std::move(*migrations)));
}

template <typename Work>
auto Migrator::in_transaction(const Deadline& deadline, Work work) -> decltype(work(std::declval<lib::Connection&>())) {
    auto connection = backend_->connect(SqlBackend::Create::if_missing, deadline);
    if (!connection) return forward(connection);
    try {
        lib::Transaction transaction(**connection, backend_->dialect().begin_migration);
        auto result = work(**connection);
        if (result) transaction.commit();
        return result;
    } catch (const std::exception& exception) {
        return Unexpected((*connection)->describe(exception));
    }
}

/// Whether this program can use a schema that has a step that it does not know.
Result<void> Migrator::check_newest(lib::Connection& connection, const AppliedMigration& newest, Newer newer) const {
    const int head = migrations_.back().version;
    if (newest.version <= head) return {};
    soci::session& sql = connection.session();
    long long works = 0;
    if (newer == Newer::if_it_works && has_table(sql, backend_->dialect(), kCompatibility)) {
        sql << "SELECT count(*) FROM schema_compatibility WHERE version > :head AND works_from <= :head2",
            soci::use(head, "head"), soci::use(head, "head2"), soci::into(works);
    }
    if (works == newest.version - head) return {};
    return fail(ErrorKind::unsupported,
                "{} was created by a newer audio-ident: its schema is {}, but this program supports only up to {}; "
                "use the newer program, or run its `audio-ident db downgrade`",
                backend_->location(), newest.name, migrations_.back().name);
}

Result<std::vector<AppliedMigration>> Migrator::applied(lib::Connection& connection, Newer newer) const {
    soci::session& sql = connection.session();
    const SqlDialect& dialect = backend_->dialect();
    if (!has_table(sql, dialect, kHistory)) {
        long long count = 0;
        if (!dialect.count_tables.empty()) sql << dialect.count_tables, soci::into(count);
        if (count == 0) return std::vector<AppliedMigration>();
        return fail(ErrorKind::unsupported,
                    "{} belongs to another program: it has tables, but no record of the audio-ident version that "
                    "created them; set DATABASE_URL to another file",
                    backend_->location());
    }

    std::vector<AppliedMigration> rows;
    AppliedMigration row;
    soci::statement select =
        (sql.prepare << "SELECT version, name, applied_at, checksum FROM schema_migrations"
                        " ORDER BY version",
         soci::into(row.version), soci::into(row.name), soci::into(row.applied_at), soci::into(row.checksum));
    select.execute(false);
    while (select.fetch()) rows.push_back(row);

    if (rows.empty()) return rows;
    if (const auto usable = check_newest(connection, rows.back(), newer); !usable) return forward(usable);
    for (std::size_t i = 0; i < std::min(rows.size(), migrations_.size()); ++i) {
        const Migration& known = migrations_[i];
        if (rows[i].version == known.version && rows[i].checksum == known.checksum) continue;
        return fail(ErrorKind::corrupt,
                    "{}: the applied migration {} differs from {} in this program; run the audio-ident that created "
                    "the database, or move the database away and ingest again",
                    backend_->location(), rows[i].name, known.name);
    }
    return rows;
}

AppliedMigration Migrator::apply(lib::Connection& connection, const Migration& migration) const {
    connection.run_script(migration.up);
    AppliedMigration row{migration.version, migration.name, timestamp_to_text(current_timestamp()), migration.checksum};
    connection.session() << "INSERT INTO schema_migrations (version, name, applied_at, checksum)"
                            " VALUES (:version, :name, :applied_at, :checksum)",
        soci::use(row.version, "version"), soci::use(row.name, "name"), soci::use(row.applied_at, "applied_at"),
        soci::use(row.checksum, "checksum");
    if (migration.works_from < migration.version) {
        connection.session() << "INSERT INTO schema_compatibility (version, works_from) VALUES (:version, :works_from)",
            soci::use(migration.version, "version"), soci::use(migration.works_from, "works_from");
    }
    return row;
}

void Migrator::undo(lib::Connection& connection, const Migration& migration) const {
    connection.run_script(migration.down);
    for (const std::string table : {kHistory, kCompatibility}) {
        connection.session() << "DELETE FROM " + table + " WHERE version = :version",
            soci::use(migration.version, "version");
    }
}

Result<std::vector<AppliedMigration>> Migrator::upgrade(const Deadline& deadline) {
    std::vector<AppliedMigration> done;
    const auto one_step = [&](lib::Connection& connection) -> Result<bool> {
        const auto rows = applied(connection, Newer::if_it_works);
        if (!rows) return forward(rows);
        if (rows->size() >= migrations_.size()) return false;
        connection.run_script(kCreateHistory);
        done.push_back(apply(connection, migrations_[rows->size()]));
        return true;
    };
    while (true) {
        const Result<bool> stepped = in_transaction(deadline, one_step);
        if (!stepped) return forward(stepped);
        if (!*stepped) return done;
    }
}

Result<std::vector<AppliedMigration>> Migrator::downgrade(int steps, const Deadline& deadline) {
    const auto newest = current(deadline);
    if (!newest) return forward(newest);
    const int version = *newest ? (*newest)->version : 0;
    if (steps < 1 || steps > version) {
        return fail(ErrorKind::invalid_input, "cannot undo {} migrations: {} has only {}", steps, backend_->location(),
                    version);
    }
    return downgrade_to(version - steps, deadline);
}

Result<std::vector<AppliedMigration>> Migrator::downgrade_to(int version, const Deadline& deadline) {
    const auto newest = current(deadline);
    if (!newest) return forward(newest);
    if (version < 0 || version > (*newest ? (*newest)->version : 0)) {
        return fail(ErrorKind::invalid_input, "cannot go down to version {}: {} is at {}", version,
                    backend_->location(), *newest ? (*newest)->version : 0);
    }
    if (!*newest) return std::vector<AppliedMigration>();
    return in_transaction(deadline, [&](lib::Connection& connection) {
        auto rows = applied(connection, Newer::refuse);
        if (!rows) return rows;
        connection.run_script(kCreateHistory);
        std::vector<AppliedMigration> undone;
        for (; !rows->empty() && rows->back().version > version; rows->pop_back()) {
            undo(connection, migrations_[rows->size() - 1]);
            undone.push_back(rows->back());
        }
        return Result<std::vector<AppliedMigration>>(std::move(undone));
    });
}

Result<void> Migrator::reset(const Deadline& deadline) {
    return in_transaction(deadline, [&](lib::Connection& connection) -> Result<void> {
        const auto rows = applied(connection, Newer::refuse);
        if (!rows) return forward(rows);
        connection.run_script(kCreateHistory);
        for (std::size_t i = rows->size(); i > 0; --i) undo(connection, migrations_[i - 1]);
        for (const Migration& migration : migrations_) apply(connection, migration);
        return {};
    });
}

Result<std::optional<AppliedMigration>> Migrator::current(const Deadline& deadline) {
    if (!backend_->exists()) return std::nullopt;
    auto connection = backend_->connect(SqlBackend::Create::never, deadline);
    if (!connection) return forward(connection);
    try {
        const auto rows = applied(**connection, Newer::if_it_works);
        if (!rows) return forward(rows);
        if (rows->empty()) return std::nullopt;
        return rows->back();
    } catch (const std::exception& exception) {
        return Unexpected((*connection)->describe(exception));
    }
}

Result<void> Migrator::check_schema(lib::Connection& connection, Newer newer) const {
    try {
        const auto rows = applied(connection, newer);
        if (!rows) return forward(rows);
        if (rows->size() >= migrations_.size()) return {};
        return fail(ErrorKind::unsupported,
                    "{} has an older schema ({}; this program needs {}); run `audio-ident db upgrade`",
                    backend_->location(), rows->empty() ? "none" : rows->back().name, migrations_.back().name);
    } catch (const std::exception& exception) {
        return Unexpected(connection.describe(exception));
    }
}

}  // namespace audio_ident::catalog
