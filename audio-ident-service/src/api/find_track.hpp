#pragma once

#include <chrono>

#include "http/message.hpp"
#include "library/library.hpp"

namespace audio_ident::api {

/// A change waits this long for another program. It need not wait for ingest jobs of this service, which pause.
inline constexpr auto kChangeWait = std::chrono::seconds(10);

/// The deadline of one call of a store.
inline Deadline store_deadline(const http::Request& request) {
    return Deadline::after(std::chrono::seconds(10), request.deadline.stop_token());
}

/// The ready track that the path's {id} names. Fails with the contract's codes.
Result<catalog::Track> find_track(library::Library& library, const http::Request& request);

}  // namespace audio_ident::api
