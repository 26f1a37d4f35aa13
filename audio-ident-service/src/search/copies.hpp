#pragma once

#include <vector>

#include "search/evidence.hpp"

namespace audio_ident::search {

/// Judges the evidence anew for an index that may hold one recording several times, such as what a station played in a
/// day: matches that are all far better than chance do not speak against each other. The order stays.
void judge_among_copies(std::vector<Evidence>& evidence);

}  // namespace audio_ident::search
