#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace audio_ident::catalog {

/// A file that the build embeds in the program.
struct EmbeddedFile {
    std::string_view name;
    std::string_view sha256;
    std::string_view text;
};

/// One schema step, from "NNNN_name.up.sql" and "NNNN_name.down.sql" in migrations/<database>/.
struct Migration {
    int version = 0;
    std::string name;
    std::string up;
    std::string down;
    std::string checksum;  ///< SHA-256 of the up file, in hexadecimal
    /// The oldest programs that can use the schema after this step: those whose newest migration has this number.
    /// Theirs is the line "-- works-from: NNNN" of the up file; without it, only programs that know the step can.
    int works_from = 0;
};

/// The files of migrations/sqlite/.
std::span<const EmbeddedFile> sqlite_migration_files();
/// The files of migrations/postgresql/.
std::span<const EmbeddedFile> postgresql_migration_files();

/// Returns the migrations in order; the last one is the head. The numbers must run 1, 2, 3, … and each must have one up
/// file and one down file, so there is exactly one head. Otherwise, and when works_from is not an earlier one, fails
/// with internal and names the file.
Result<std::vector<Migration>> order_migrations(std::span<const EmbeddedFile> files);

}  // namespace audio_ident::catalog
