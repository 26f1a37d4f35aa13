#include "catalog/migrator.hpp"

#include "catalog/timestamp_text.hpp"

namespace audio_ident::catalog {
namespace {

constexpr const char* kCreateHistory =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    " version INTEGER NOT NULL PRIMARY KEY,"
    " name TEXT NOT NULL,"
    " applied_at TEXT NOT NULL,"
    " checksum TEXT NOT NULL)";

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

Result<std::vector<AppliedMigration>> Migrator::applied(lib::Connection& connection) const {
    soci::session& sql = connection.session();
    const SqlDialect& dialect = backend_->dialect();
    const std::string table = "schema_migrations";
    long long count = 0;
    sql << dialect.count_table, soci::use(table, "name"), soci::into(count);
    if (count == 0) {
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

    if (!rows.empty() && rows.back().version > migrations_.back().version) {
        return fail(ErrorKind::unsupported,
                    "{} was created by a newer audio-ident: its schema is {}, but this program supports only up to {}; "
                    "use the newer program, or run its `audio-ident db downgrade`",
                    backend_->location(), rows.back().name, migrations_.back().name);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
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
    return row;
}

void Migrator::undo(lib::Connection& connection, const Migration& migration) const {
    connection.run_script(migration.down);
    connection.session() << "DELETE FROM schema_migrations WHERE version = :version",
        soci::use(migration.version, "version");
}

Result<std::vector<AppliedMigration>> Migrator::upgrade(const Deadline& deadline) {
    std::vector<AppliedMigration> done;
    const auto one_step = [&](lib::Connection& connection) -> Result<bool> {
        const auto rows = applied(connection);
        if (!rows) return forward(rows);
        if (rows->size() == migrations_.size()) return false;
        if (rows->empty()) connection.run_script(kCreateHistory);
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
        auto rows = applied(connection);
        if (!rows) return rows;
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
        const auto rows = applied(connection);
        if (!rows) return forward(rows);
        for (std::size_t i = rows->size(); i > 0; --i) undo(connection, migrations_[i - 1]);
        connection.run_script(kCreateHistory);
        for (const Migration& migration : migrations_) apply(connection, migration);
        return {};
    });
}

Result<std::optional<AppliedMigration>> Migrator::current(const Deadline& deadline) {
    if (!backend_->exists()) return std::nullopt;
    auto connection = backend_->connect(SqlBackend::Create::never, deadline);
    if (!connection) return forward(connection);
    try {
        const auto rows = applied(**connection);
        if (!rows) return forward(rows);
        if (rows->empty()) return std::nullopt;
        return rows->back();
    } catch (const std::exception& exception) {
        return Unexpected((*connection)->describe(exception));
    }
}

Result<void> Migrator::check_is_head(lib::Connection& connection) const {
    try {
        const auto rows = applied(connection);
        if (!rows) return forward(rows);
        if (rows->size() == migrations_.size()) return {};
        return fail(ErrorKind::unsupported,
                    "{} has an older schema ({}; this program needs {}); run `audio-ident db upgrade`",
                    backend_->location(), rows->empty() ? "none" : rows->back().name, migrations_.back().name);
    } catch (const std::exception& exception) {
        return Unexpected(connection.describe(exception));
    }
}

}  // namespace audio_ident::catalog
