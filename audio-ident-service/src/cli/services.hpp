#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "config/settings.hpp"

namespace audio_ident::cli {

/// What the commands work with. app/ implements it, the only place that knows concrete backends. Each part is opened
/// when it is first asked for, so that `config` needs no database and `tracks list` no index.
class Services {
  public:
    virtual ~Services() = default;

    /// Stop is requested on SIGINT and SIGTERM.
    virtual std::stop_token stop_token() const = 0;
};

/// The program around the commands, handed to run() by app/.
struct Program {
    std::string version;
    std::vector<std::pair<std::string, std::string>> components;  ///< linked libraries and their versions
    std::function<std::unique_ptr<Services>(const config::Settings&)> open;
};

}  // namespace audio_ident::cli
