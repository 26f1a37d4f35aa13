#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "library/library.hpp"
#include "monitor/unknown_sounds/sound_files.hpp"

namespace audio_ident::library {

/// What a person calls an unknown sound of a monitor.
struct SoundNames {
    std::string title;  ///< never empty
    std::optional<std::string> artist = {};
};

/// Adds an unknown sound to the library as a track, so that from now on its plays are in the log. Fails with not_found
/// when the monitor has no such sound, with not_finished while there is no audio of it, with invalid_input when it is a
/// track already, and like Library::add().
Result<Added> keep_sound(Library& library, const monitor::SoundFiles& files, const Uuid& monitor, std::int64_t number,
                         const SoundNames& names, const Turn& turn);

/// "unknown 12 has not been heard …": why there is no audio of a sound.
Unexpected no_audio_yet(std::int64_t number);

}  // namespace audio_ident::library
