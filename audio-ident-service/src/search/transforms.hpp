#pragma once

#include <vector>

#include "fingerprint/clip.hpp"

namespace audio_ident::search {

/// Other speeds (time and pitch together) to ±11 %, pitches to ±21 % (3.3 semitones) and tempos to ±17 %, one at a time.
const std::vector<fingerprint::Transform>& single_transforms();

/// Pitches to ±21 % with tempos of ±5 and ±10 %: both changed by different amounts. What lies between, refinement finds.
const std::vector<fingerprint::Transform>& joint_transforms();

}  // namespace audio_ident::search
