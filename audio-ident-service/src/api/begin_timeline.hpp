#pragma once

#include "api/routes.hpp"
#include "http/message.hpp"

namespace audio_ident::api {

/// Takes in the recording of a request, an upload or a file below the roots, and adds the job of its timeline. Refuses
/// what cannot be a recording, and leaves nothing of a request that fails.
Result<http::Response> begin_timeline(const TimelineDoor& door, const http::Request& request);

}  // namespace audio_ident::api
