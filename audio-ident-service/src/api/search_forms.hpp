#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/search_types.hpp"

// Requests of a search, and the response of /similar.
// Described once (BOOST_DESCRIBE): JSON, the checks of requests and /openapi.json follow from here and from
// api/constraints.cpp. docs/api-contract.md shows the same types in TypeScript; a test compares them.

namespace audio_ident::api::wire {

struct SearchForm {
    SearchMode mode = SearchMode::both;
    std::int64_t max_results = 10;
    bool diverse = false;
};
BOOST_DESCRIBE_STRUCT(SearchForm, (), (mode, max_results, diverse))

struct SimilarQuery {
    std::optional<double> at;
    std::int64_t limit = 10;
    bool diverse = false;
};
BOOST_DESCRIBE_STRUCT(SimilarQuery, (), (at, limit, diverse))

struct SimilarTracks {
    std::vector<VibeMatch> vibe_matches;
};
BOOST_DESCRIBE_STRUCT(SimilarTracks, (), (vibe_matches))

}  // namespace audio_ident::api::wire
