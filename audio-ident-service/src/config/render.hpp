#pragma once

#include <string>

#include "config/loader.hpp"

namespace audio_ident::config {

/// The settings as people read them: "NAME = value   (origin)", by group, secrets masked.
std::string to_text(const Loaded& loaded);

/// The text of .env.example: every setting with its help, what it takes and its default, commented out.
std::string env_example();

}  // namespace audio_ident::config
