#pragma once

#include <vector>

#include "fingerprint/clip.hpp"

namespace audio_ident::search {

/// The transforms to try, likeliest first:
/// - a grid of speeds (time and pitch together) to ±11 %, pitches to ±21 % (3.3 semitones), tempos to ±17 %, and
///   pitches combined with tempos of ±5 and ±10 %. Refinement finds what lies between them.
/// - where the clip's peaks tell how its instruments are tuned, the changes that bring them to a = 440 Hz, the tuning
///   of most music.
/// Small changes are likely, and so are changes that lead close to that tuning.
std::vector<fingerprint::Transform> likely_transforms(const fingerprint::Clip& clip);

}  // namespace audio_ident::search
