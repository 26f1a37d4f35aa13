#pragma once

#include <string>

#include "config/loader.hpp"

namespace audio_ident::config {

/// Formats the settings for people: "NAME = value  (source)", grouped by heading, secrets masked.
std::string to_text(const Loaded& loaded);

/// The text of .env.example: each setting, commented out, with its help, its allowed values and its default.
std::string env_example();

}  // namespace audio_ident::config
