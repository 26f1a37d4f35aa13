#pragma once

#include "config/settings.hpp"

namespace audio_ident::app {

/// Sets up the process's logger: stderr, as text or as one JSON object a line ({"time","level","message"}, and
/// "request_id" within a request).
void set_up_logging(const config::LogSettings& settings);

}  // namespace audio_ident::app
