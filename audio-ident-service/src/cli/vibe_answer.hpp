#pragma once

#include <boost/json/array.hpp>
#include <string_view>

#include "library/identification.hpp"

namespace audio_ident::cli {

/// Vibe matches as JSON, with the paths of their files.
boost::json::array vibe_json(const library::SoundMatches& matches);

/// Prints the name, similarity and moment of a match, its likeliest tags, and its file, one line for each.
void print_vibe(const library::SoundMatches& matches, std::string_view indent);

}  // namespace audio_ident::cli
