#include "http/find_track.hpp"

#include "http/problem.hpp"
#include "http/schema.hpp"

namespace audio_ident::http {

Result<catalog::Track> find_track(const Library& library, const Request& request) {
    const auto& text = *find_field(request.path_parameters, "id");
    const auto id = TrackId::parse(text);
    if (!id) return invalid_field("id", "must be a UUID");
    auto track = library.catalog.find(*id, store_deadline(request));
    if (!track) return forward(track);
    if (!*track || (*track)->state != catalog::TrackState::ready)
        return Unexpected(not_found("there is no track " + text));
    return std::move(**track);
}

}  // namespace audio_ident::http
