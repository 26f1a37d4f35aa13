#pragma once

#include <boost/json/array.hpp>
#include <span>
#include <string_view>

#include "catalog/track.hpp"
#include "search/response.hpp"

namespace audio_ident::cli {

/// Vibe matches as JSON, with the paths of their files. `tracks` are in the order of the matches.
boost::json::array vibe_json(std::span<const search::VibeMatch> matches, std::span<const catalog::Track> tracks);

/// A match's name, similarity and moment, likeliest tags, and file; a line each.
void print_vibe(std::span<const search::VibeMatch> matches, std::span<const catalog::Track> tracks,
                std::string_view indent);

}  // namespace audio_ident::cli
