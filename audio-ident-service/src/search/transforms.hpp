#pragma once

#include <vector>

#include "fingerprint/clip.hpp"

namespace audio_ident::search {

/// Other speeds (time and pitch together) to ±11 %, pitches to ±21 % (3.3 semitones) and tempos to ±17 %, one at a time and
/// then pitches with tempos of ±5 and ±10 %, in groups from the likely to the rare. What lies between, refinement finds.
const std::vector<std::vector<fingerprint::Transform>>& transform_groups();

}  // namespace audio_ident::search
