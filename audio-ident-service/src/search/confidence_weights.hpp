#pragma once

// Written by eval/train_confidence.py.

#include <array>

#include "search/confidence.hpp"

namespace audio_ident::search {

/// In the order of kConfidenceInputNames; the last is the constant.
using ConfidenceWeights = std::array<double, kConfidenceInputs + 1>;

inline constexpr ConfidenceWeights kPlainWeights{2, 0.5, 3, 0, 0, 2, 1.5, 0.5, 2, -0.8, -19};
inline constexpr ConfidenceWeights kTransformedWeights{2, 0.5, 3, 0, 0, 2, 1.5, 0.5, 2, -0.8, -19};

}  // namespace audio_ident::search
