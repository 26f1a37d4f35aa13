#include "api/station_types.hpp"

#include "api/rounding.hpp"
#include "catalog/timestamp_text.hpp"

namespace audio_ident::api::wire {

StationSearchResponse station_search_response(const library::StationMatches& found, std::string request_id) {
    StationSearchResponse response{std::move(request_id), hundredths(found.elapsed.count()), {}};
    for (const auto& match : found.matches)
        response.station_matches.push_back({match.station.id.to_string(), match.station.name,
                                            catalog::timestamp_to_text(match.played_at),
                                            thousandths(match.seconds_behind), ten_thousandths(match.confidence)});
    return response;
}

}  // namespace audio_ident::api::wire
