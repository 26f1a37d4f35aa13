#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/migration.hpp"
#include "catalog/sql_backend.hpp"
#include "core/deadline.hpp"

namespace audio_ident::catalog {

/// A migration that was applied to the database.
struct AppliedMigration {
    int version = 0;
    std::string name;        ///< "0001_tracks"
    std::string applied_at;  ///< UTC, in the format of timestamp_text.hpp
    std::string checksum;
};

/// Migrates a catalog's schema up and down, for `audio-ident db …`. Each migration runs in one transaction, which also
/// records it in the table schema_migrations. Programs that migrate at the same time take turns.
///
/// A schema may be newer than the program: whoever applied a later step recorded from which program on it works
/// (Migration::works_from), so that programs of two versions can run side by side. Such a program uses the schema,
/// finds nothing to upgrade, and refuses to downgrade or reset it.
///
/// Besides the failures of Catalog: unsupported when the schema is too new for this program (the message says what to
/// do) or the database belongs to another program; corrupt when an applied migration differs from this program's
/// version of it.
class Migrator {
  public:
    /// Fails with internal when the program's migrations do not have exactly one head.
    static Result<std::unique_ptr<Migrator>> create(std::shared_ptr<SqlBackend> backend);

    /// Migrates to the head and creates the database if needed. Returns the applied migrations in order; empty when the
    /// schema was current, or newer.
    Result<std::vector<AppliedMigration>> upgrade(const Deadline& deadline);
    /// Undoes the newest `steps` migrations, newest first, and returns them. The data in their tables is lost.
    Result<std::vector<AppliedMigration>> downgrade(int steps, const Deadline& deadline);
    /// Undoes all migrations after `version`; 0 undoes all. Fails with invalid_input when the schema is older than
    /// `version`.
    Result<std::vector<AppliedMigration>> downgrade_to(int version, const Deadline& deadline);
    /// Deletes everything in the catalog and creates an empty one, in one transaction.
    Result<void> reset(const Deadline& deadline);

    /// The newest applied migration; nullopt when there is none or the database does not exist.
    Result<std::optional<AppliedMigration>> current(const Deadline& deadline);
    /// The newest migrations this program knows. There is always exactly one.
    std::vector<Migration> heads() const { return {migrations_.back()}; }
    /// All migrations this program knows, oldest first.
    const std::vector<Migration>& migrations() const { return migrations_; }

    /// Which schemas a program takes.
    enum class Newer {
        if_it_works,  ///< the head, and newer ones with which this program works
        refuse        ///< only the head: when nothing may be left behind that this program does not know
    };
    /// Succeeds when this program can use the schema behind `connection`. Fails with unsupported, and says what to run,
    /// when it is older or too new. Unlike the other methods, this one is thread-safe.
    Result<void> check_schema(lib::Connection& connection, Newer newer = Newer::if_it_works) const;

  private:
    Migrator(std::shared_ptr<SqlBackend> backend, std::vector<Migration> migrations)
        : backend_(std::move(backend)), migrations_(std::move(migrations)) {}

    /// Runs `work(connection)` in one migration transaction. Commits unless it fails.
    template <typename Work>
    auto in_transaction(const Deadline& deadline, Work work) -> decltype(work(std::declval<lib::Connection&>()));
    /// The applied migrations, oldest first. Those that this program knows are compared with its own.
    Result<std::vector<AppliedMigration>> applied(lib::Connection& connection, Newer newer) const;
    Result<void> check_newest(lib::Connection& connection, const AppliedMigration& newest, Newer newer) const;
    AppliedMigration apply(lib::Connection& connection, const Migration& migration) const;
    void undo(lib::Connection& connection, const Migration& migration) const;

    std::shared_ptr<SqlBackend> backend_;  ///< shared with the catalog, which migrates when it opens
    std::vector<Migration> migrations_;
};

}  // namespace audio_ident::catalog
