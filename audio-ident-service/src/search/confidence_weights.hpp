#pragma once

// Written by eval/train_confidence.py: 18628 searches, clips of 164 recordings.

#include <array>

#include "search/confidence.hpp"

namespace audio_ident::search {

/// In the order of kConfidenceInputNames; the last is the constant.
using ConfidenceWeights = std::array<double, kConfidenceInputs + 1>;

// clang-format off
inline constexpr ConfidenceWeights kPlainWeights{2.23386, 5.19417, 2.92705, 1.86247, -6.73176, 1.79765, 1.95131, 2.23053, 0.407724, -0.691549, 0.339431, 2.45084, 0.791468, -0.768117, 0.00988164, -18.7059};
inline constexpr ConfidenceWeights kTransformedWeights{0.147771, 2.3134, 1.10287, 1.57855, -2.50268, -0.0297119, 0.667556, 5.86371, -0.957711, -1.71255, -0.36994, 1.86463, 1.51264, -0.247028, 0.0692868, -8.67584};
// clang-format on

}  // namespace audio_ident::search
