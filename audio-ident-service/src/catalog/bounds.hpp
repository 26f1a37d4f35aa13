#pragma once

#include "catalog/catalog.hpp"
#include "core/result.hpp"

namespace audio_ident::catalog {

/// invalid_input, naming the column, when a value breaks the bounds that Track's comments state. Every catalog calls it
/// before it stores a row.
Result<void> check_bounds(const Track& track);
/// The same for the arguments of list().
Result<void> check_bounds(const ListQuery& query);

}  // namespace audio_ident::catalog
