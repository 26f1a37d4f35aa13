#pragma once

#include "cli/command.hpp"

namespace audio_ident::cli {

/// `monitor sounds` and `monitor keep`.
void add_sounds_command(Command& monitor);
void add_keep_command(Command& monitor);

}  // namespace audio_ident::cli
