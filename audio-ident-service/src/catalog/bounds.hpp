#pragma once

#include "catalog/catalog.hpp"
#include "core/result.hpp"

namespace audio_ident::catalog {

/// Fails with invalid_input, naming the column, when a value breaks the bounds in Track's comments. Every catalog calls
/// it before it stores a row.
Result<void> check_bounds(const Track& track);
/// The same check for the arguments of list().
Result<void> check_bounds(const ListQuery& query);

}  // namespace audio_ident::catalog
