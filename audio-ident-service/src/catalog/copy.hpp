#pragma once

#include <cstdint>
#include <memory>

#include "catalog/sql_backend.hpp"
#include "core/deadline.hpp"
#include "core/result.hpp"

namespace audio_ident::catalog {

/// Copies every track, with its id and its times, into a catalog without tracks, whose schema is brought up to date first:
/// all of them or none. Returns how many. Nobody may write to `from` meanwhile.
/// invalid_input when `to` has tracks; the catalogs' own failures.
Result<std::int64_t> copy_catalog(std::shared_ptr<SqlBackend> from, std::shared_ptr<SqlBackend> to,
                                  const Deadline& deadline);

}  // namespace audio_ident::catalog
