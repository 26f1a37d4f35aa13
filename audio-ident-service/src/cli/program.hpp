#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "config/settings.hpp"
#include "core/deadline.hpp"
#include "core/result.hpp"
#include "library/cluster.hpp"
#include "library/library.hpp"

namespace audio_ident::cli {

/// Whether other machines may change the library without a key.
enum class AnonymousWrites { refuse, allow };

struct ServeOptions {
    AnonymousWrites anonymous_writes = AnonymousWrites::refuse;
};

/// Called with the service's URL once it takes requests.
using Listening = std::function<void(const std::string& url)>;

/// The parts of the program that app/ gives to the commands.
struct Program {
    std::string version;
    std::vector<std::pair<std::string, std::string>> components;  ///< linked libraries and their versions
    std::vector<std::pair<std::string, bool>> formats;  ///< audio formats, and whether this build decodes them
    std::stop_token stop;                               ///< requested on SIGINT and SIGTERM
    /// Makes a library, which opens its stores when they are needed. The command shares it with its maker, so that a
    /// test can inspect it afterwards.
    std::function<std::shared_ptr<library::Library>(const config::Settings&)> open;
    /// The services and servers of a library; nullopt when it is on one machine alone. Fails with not_available,
    /// unsupported (an old schema), timeout.
    std::function<Result<std::optional<library::Cluster>>(const config::Settings&, const Deadline&)> cluster = {};
    /// Serves over HTTP until a stop. Fails with not_available when a store cannot be reached or the port is taken,
    /// invalid_input when it would be open to others.
    std::function<Result<void>(const config::Settings&, const ServeOptions&, const Listening&)> serve;
};

}  // namespace audio_ident::cli
