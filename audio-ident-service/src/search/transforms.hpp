#pragma once

#include <vector>

#include "fingerprint/clip.hpp"

namespace audio_ident::search {

/// Other speeds (time and pitch together) to ±11 %, pitches to ±21 % (3.3 semitones) and tempos to ±17 %, one at a time, and
/// pitches with tempos of ±5 and ±10 %: a grid (what lies between, refinement finds) and, where the clip's peaks tell how
/// its instruments are tuned, the changes that bring them to a = 440 Hz, which most music keeps to. The likeliest
/// first: small ones, and those that lead near that tuning.
std::vector<fingerprint::Transform> likely_transforms(const fingerprint::Clip& clip);

}  // namespace audio_ident::search
