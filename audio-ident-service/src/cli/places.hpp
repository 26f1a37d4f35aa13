#pragma once

#include <string>
#include <vector>

#include "library/identification.hpp"

// The text that tells people where a clip and a track coincide.

namespace audio_ident::cli {

/// "at 0:07.5 of 0:45.8"; "begins 3.0 s into the clip" for a track that begins after the clip's first sample.
std::string place_text(const library::Match& match);

/// The stretches of the clip in which the track is heard, for each of its places, in the order of the clip:
/// "from 0:45.8 to 1:31.5 of the clip: the track from 0:00.0". Places that share a stretch of the clip share a line:
/// "…: the track from 0:10.0, also from 1:20.0". Empty when no stretch is known.
std::vector<std::string> stretches_text(const library::Match& match);

}  // namespace audio_ident::cli
