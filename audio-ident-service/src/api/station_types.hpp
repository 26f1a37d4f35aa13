#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "library/station_search.hpp"

// The search for the stations that played a clip: request, answer, and the conversion from the library's answer. Used
// by the API and by `--json`. Described once (BOOST_DESCRIBE): JSON, the checks of requests and /openapi.json follow
// from here and from api/constraints.cpp. docs/api-contract.md shows the same types in TypeScript; a test compares
// them.

namespace audio_ident::api::wire {

struct StationSearchForm {
    std::int64_t max_results = 10;
};
BOOST_DESCRIBE_STRUCT(StationSearchForm, (), (max_results))

/// Which station played the clip, and when.
struct StationMatch {
    std::string monitor_id;
    std::string monitor;
    std::string played_at;      ///< when the clip's first sample was played, ISO 8601, UTC
    double seconds_behind = 0;  ///< from when its last sample was played to the request
    double confidence = 0;      ///< 0-1
};
BOOST_DESCRIBE_STRUCT(StationMatch, (), (monitor_id, monitor, played_at, seconds_behind, confidence))

struct StationSearchResponse {
    std::string request_id;
    double query_duration_ms = 0;
    std::vector<StationMatch> station_matches;
};
BOOST_DESCRIBE_STRUCT(StationSearchResponse, (), (request_id, query_duration_ms, station_matches))

StationSearchResponse station_search_response(const library::StationMatches& found, std::string request_id);

}  // namespace audio_ident::api::wire
