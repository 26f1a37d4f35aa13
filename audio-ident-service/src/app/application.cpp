#include "app/application.hpp"

#include "app/logging.hpp"

namespace audio_ident::app {

Application::Application(config::Settings settings, const Signals& signals)
    : settings_(std::move(settings)), signals_(signals) {
    set_up_logging(settings_.log);
}

}  // namespace audio_ident::app
