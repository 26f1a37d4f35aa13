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

/// A migration that the database has had.
struct AppliedMigration {
    int version = 0;
    std::string name;        ///< "0001_tracks"
    std::string applied_at;  ///< UTC, as timestamp_text.hpp writes it
    std::string checksum;
};

/// Moves a catalog's schema up and down: `audio-ident db …`. Each migration is one transaction, recorded in the table
/// schema_migrations; two programs that migrate at once take turns.
///
/// Besides the catalog's own failures: unsupported when the schema is newer than this program (the sentence says so and
/// what to do) or the database belongs to something else; corrupt when an applied migration is not the one this program
/// knows.
class Migrator {
  public:
    /// internal when the program's migrations do not have exactly one head.
    static Result<std::unique_ptr<Migrator>> create(std::shared_ptr<SqlBackend> backend);

    /// To the head; returns what was done, in order; empty when there was nothing to do. Creates the database.
    Result<std::vector<AppliedMigration>> upgrade(const Deadline& deadline);
    /// The newest `steps` migrations are undone, newest first; returns those. Their tables' data is lost.
    Result<std::vector<AppliedMigration>> downgrade(int steps, const Deadline& deadline);
    /// Down to `version`, which stays; 0 undoes all. invalid_input when the schema is below it.
    Result<std::vector<AppliedMigration>> downgrade_to(int version, const Deadline& deadline);
    /// Everything in the catalog is thrown away and an empty one made, in one transaction.
    Result<void> reset(const Deadline& deadline);

    /// The newest migration the database has had; nullopt when it has had none or does not exist.
    Result<std::optional<AppliedMigration>> current(const Deadline& deadline);
    /// The newest migrations this program knows: always exactly one.
    std::vector<Migration> heads() const { return {migrations_.back()}; }
    /// All it knows, oldest first.
    const std::vector<Migration>& migrations() const { return migrations_; }

    /// Succeeds when the schema behind `connection` is the head. unsupported when it is older or newer, with what to
    /// run. Thread-safe, other than the rest.
    Result<void> check_is_head(lib::Connection& connection) const;

  private:
    Migrator(std::shared_ptr<SqlBackend> backend, std::vector<Migration> migrations)
        : backend_(std::move(backend)), migrations_(std::move(migrations)) {}

    /// Runs `work(connection)` in one migration transaction, and commits unless it fails.
    template <typename Work>
    auto in_transaction(const Deadline& deadline, Work work) -> decltype(work(std::declval<lib::Connection&>()));
    /// The applied migrations, oldest first, each checked against the program's own.
    Result<std::vector<AppliedMigration>> applied(lib::Connection& connection) const;
    AppliedMigration apply(lib::Connection& connection, const Migration& migration) const;
    void undo(lib::Connection& connection, const Migration& migration) const;

    std::shared_ptr<SqlBackend> backend_;  ///< shared with the catalog that migrates when it is opened
    std::vector<Migration> migrations_;
};

}  // namespace audio_ident::catalog
