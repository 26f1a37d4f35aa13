#pragma once

#include <string>

#include "library/live_answer.hpp"

namespace audio_ident::cli {

/// "0:03.0  begins  Artist – Title at 1:02.3, certain (99 %), after 1.5 s"; a line for the beginning and the end of a
/// play, and when a play turns out to be wrong. Empty for everything else.
std::string live_line(const library::NamedEvent& named);

}  // namespace audio_ident::cli
