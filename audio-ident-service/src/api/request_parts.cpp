#include "api/request_parts.hpp"

#include "http/error_mapping.hpp"
#include "http/schema.hpp"

namespace audio_ident::api {

Result<Uuid> id_in_path(const http::Request& request) {
    const auto id = Uuid::parse(*http::find_field(request.path_parameters, "id"));
    if (!id) return http::invalid_field("id", "must be a UUID");
    return *id;
}

}  // namespace audio_ident::api
