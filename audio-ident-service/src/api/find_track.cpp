#include "api/find_track.hpp"

#include "http/error_mapping.hpp"
#include "http/schema.hpp"

namespace audio_ident::api {

Result<catalog::Track> find_track(library::Library& library, const http::Request& request) {
    const auto& text = *http::find_field(request.path_parameters, "id");
    const auto id = TrackId::parse(text);
    if (!id) return http::invalid_field("id", "must be a UUID");
    auto track = library.find(*id, store_deadline(request));
    if (!track) return forward(track);
    if (!*track || (*track)->state != catalog::TrackState::ready)
        return Unexpected(http::not_found("there is no track " + text));
    return std::move(**track);
}

}  // namespace audio_ident::api
