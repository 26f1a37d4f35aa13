#pragma once

#include <string_view>

namespace audio_ident::app {

/// Tells systemd the state of the service ("READY=1") if it was started as a unit of Type=notify. Else does nothing.
void notify_systemd(std::string_view state);

}  // namespace audio_ident::app
