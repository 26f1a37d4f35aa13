#pragma once

#include <cstdint>
#include <memory>

#include "catalog/sql_backend.hpp"
#include "core/deadline.hpp"
#include "core/result.hpp"

namespace audio_ident::catalog {

/// Migrates the schema of a catalog that is to be copied to. Fails with invalid_input when there is something in it.
Result<void> prepare_copy(std::shared_ptr<SqlBackend> to, const Deadline& deadline);

/// Copies every track and every timeline with its id and timestamps into an empty catalog, all or nothing. First
/// migrates the target's schema to the newest version. Returns the number of tracks. Nobody may write to `from` during
/// the copy. Fails with invalid_input when `to` already has tracks or timelines, and otherwise as Catalog's methods do.
Result<std::int64_t> copy_catalog(std::shared_ptr<SqlBackend> from, std::shared_ptr<SqlBackend> to,
                                  const Deadline& deadline);

}  // namespace audio_ident::catalog
