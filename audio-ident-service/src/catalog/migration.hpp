#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace audio_ident::catalog {

/// A file that the build put into the program.
struct EmbeddedFile {
    std::string_view name;
    std::string_view sha256;
    std::string_view text;
};

/// One step of the schema, from "NNNN_name.up.sql" and "NNNN_name.down.sql" in migrations/<database>/.
struct Migration {
    int version = 0;
    std::string name;
    std::string up;
    std::string down;
    std::string checksum;  ///< SHA-256 of the up file, in hexadecimal
};

/// The files of migrations/sqlite/.
std::span<const EmbeddedFile> sqlite_migration_files();
/// The files of migrations/postgresql/.
std::span<const EmbeddedFile> postgresql_migration_files();

/// The migrations in order, the last one being the head. internal, naming the file, unless the numbers run 1, 2, 3, …
/// with one up and one down file each: so there is exactly one head.
Result<std::vector<Migration>> order_migrations(std::span<const EmbeddedFile> files);

}  // namespace audio_ident::catalog
