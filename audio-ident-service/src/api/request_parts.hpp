#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "core/uuid.hpp"
#include "http/message.hpp"

namespace audio_ident::api {

/// A change waits this long for another program. It need not wait for ingest jobs of this service, which pause.
inline constexpr auto kChangeWait = std::chrono::seconds(10);

/// The deadline of one call of a store.
inline Deadline store_deadline(const http::Request& request) {
    return Deadline::after(std::chrono::seconds(10), request.deadline.stop_token());
}

/// The path's {id}. Fails with the contract's code when it is no UUID.
Result<Uuid> id_in_path(const http::Request& request);
/// A number in the path. Fails with the contract's code when it is none.
Result<std::int64_t> number_in_path(const http::Request& request, std::string_view name);

/// Without spaces around it; nullopt where nothing is left.
std::optional<std::string> unless_blank(const std::optional<std::string>& text);

}  // namespace audio_ident::api
