#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "http/message.hpp"
#include "http/talk.hpp"

namespace audio_ident::http {

class Operation;

/// Where a route runs: at once on the I/O thread, among the few threads that wait for stores and disks, or among those
/// that compute.
enum class Work { quick, store, cpu };

/// Whether a request changes anything; such a request needs the key.
enum class Access { read, write };

/// How the form that a route takes is received.
struct FormRules {
    std::string file_field;  ///< name of the field that holds the file; empty: none does
    std::uint64_t max_file_bytes = 0;
    std::filesystem::path folder = {};  ///< where the file is written as it arrives; empty: it stays in memory
};

struct Route {
    std::string method;
    std::string pattern;  ///< "/items/{id}": a name in braces stands for one piece of the path
    Work work = Work::store;
    Access access = Access::read;
    std::optional<FormRules> form = {};
    std::function<Result<Response>(const Request&)> handle = {};
    /// Begins a conversation, for a request that asks for a WebSocket; on the pool for stores. A route without it takes
    /// no WebSocket.
    std::function<Result<std::unique_ptr<Talk>>(const Request&)> talk = {};
    /// Describes the operation for OpenAPI. A route without it is not part of the API: the document leaves it out, and
    /// its requests do not count against the rate limit.
    std::function<void(Operation&)> describe = {};
};

/// The route of a request, if any, and the methods that its path has.
struct RouteMatch {
    const Route* route = nullptr;
    Fields parameters = {};
    std::string allowed = {};  ///< "GET, HEAD, OPTIONS"; empty: nothing is at this path
};

RouteMatch find_route(std::span<const Route> routes, std::string_view method, std::string_view path);

}  // namespace audio_ident::http
