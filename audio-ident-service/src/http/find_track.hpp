#pragma once

#include <chrono>

#include "http/library.hpp"
#include "http/message.hpp"

namespace audio_ident::http {

/// For one call of a store.
inline Deadline store_deadline(const Request& request) {
    return Deadline::after(std::chrono::seconds(10), request.deadline.stop_token());
}

/// The ready track that the path's {id} names. Fails with the contract's codes.
Result<catalog::Track> find_track(const Library& library, const Request& request);

}  // namespace audio_ident::http
