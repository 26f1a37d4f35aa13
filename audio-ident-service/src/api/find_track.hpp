#pragma once

#include "api/request_parts.hpp"
#include "library/library.hpp"

namespace audio_ident::api {

/// The ready track that the path's {id} names. Fails with the contract's codes.
Result<catalog::Track> find_track(library::Library& library, const http::Request& request);

}  // namespace audio_ident::api
