#pragma once

#include "app/signals.hpp"
#include "cli/services.hpp"
#include "config/settings.hpp"

namespace audio_ident::app {

/// The commands' services over the real backends that the settings name.
class Application : public cli::Services {
  public:
    Application(config::Settings settings, const Signals& signals);

    std::stop_token stop_token() const override { return signals_.stop_token(); }

  private:
    config::Settings settings_;
    const Signals& signals_;
};

}  // namespace audio_ident::app
