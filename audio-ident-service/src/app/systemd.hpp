#pragma once

#include <string_view>

namespace audio_ident::app {

/// Tells systemd how the service does ("READY=1"), when it was started as a unit of Type=notify; else nothing.
void notify_systemd(std::string_view state);

}  // namespace audio_ident::app
