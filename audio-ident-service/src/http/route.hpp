#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.hpp"
#include "http/message.hpp"

namespace audio_ident::http {

/// Where a route's work is done: at once on the I/O thread, among the few threads that wait for stores and disks, or
/// among those that compute.
enum class Work { quick, store, cpu };

/// Whether it changes the library.
enum class Access { read, write };

/// How the form that a route takes is received.
struct FormRules {
    std::uint64_t max_file_bytes = 0;
    std::filesystem::path folder = {};  ///< for the file that is uploaded; empty: it is kept in memory
};

struct Route {
    std::string method;
    std::string pattern;  ///< "/api/v1/tracks/{id}": a name in braces stands for one piece of the path
    Work work = Work::store;
    Access access = Access::read;
    std::optional<FormRules> form = {};
    std::function<Result<Response>(const Request&)> handle = {};
    /// Adds what OpenAPI says of the operation; new types go into `components`.
    std::function<void(boost::json::object& operation, boost::json::object& components)> describe = {};
};

/// Found, or not; then which methods the path has (none: there is nothing at this path).
struct RouteMatch {
    const Route* route = nullptr;
    Fields parameters = {};
    std::string allowed = {};  ///< "GET, HEAD, OPTIONS"
};

RouteMatch find_route(std::span<const Route> routes, std::string_view method, std::string_view path);

}  // namespace audio_ident::http
