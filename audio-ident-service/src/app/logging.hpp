#pragma once

#include "config/settings.hpp"

namespace audio_ident::app {

/// Sets the process's logger up: stderr, as text or as one JSON object a line ({"time","level","message"}, with "request_id" where there is one).
void set_up_logging(const config::LogSettings& settings);

}  // namespace audio_ident::app
