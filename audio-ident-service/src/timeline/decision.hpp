#pragma once

#include <cstddef>
#include <vector>

#include "timeline/listener.hpp"

namespace audio_ident::timeline {

/// A line is heard during these cells.
struct Chosen {
    std::size_t line = 0;  ///< number in Heard::lines
    CellRange cells;
    float weight = 0;  ///< of its evidence there
};

/// Decides over the whole recording at once which lines are heard when: the sequence of none, one or two lines with the
/// greatest weight, where each beginning costs what a line must show to be believed (Viterbi 1967). By beginning.
std::vector<Chosen> decide(const Heard& heard);

}  // namespace audio_ident::timeline
