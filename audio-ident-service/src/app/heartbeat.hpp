#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "catalog/service_registry.hpp"

namespace audio_ident::app {

/// Says every five seconds in the database that this service is alive, from its construction until its destruction,
/// which takes the row away. While the database does not answer it waits and goes on.
class Heartbeat {
  public:
    /// `about` describes the service, as JSON; it is called on another thread.
    Heartbeat(std::unique_ptr<catalog::ServiceRegistry> registry, Uuid id,
              std::function<std::string(const Deadline&)> about);

  private:
    void run(const std::stop_token& stop);

    std::unique_ptr<catalog::ServiceRegistry> registry_;
    Uuid id_;
    std::function<std::string(const Deadline&)> about_;
    std::jthread thread_;
};

}  // namespace audio_ident::app
