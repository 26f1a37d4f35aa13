#pragma once

// Written by eval/train_confidence.py: 2420 clips of 101 recordings.

#include <array>

#include "search/confidence.hpp"

namespace audio_ident::search {

/// In the order of kConfidenceInputNames; the last is the constant.
using ConfidenceWeights = std::array<double, kConfidenceInputs + 1>;

// clang-format off
inline constexpr ConfidenceWeights kPlainWeights{0.753864, 2.74226, 1.52477, -1.5611, 6.31146, 1.76006, 1.06773, 1.65515, 0.588626, -0.308071, -16.4425};
inline constexpr ConfidenceWeights kTransformedWeights{0.550092, 2.49783, 2.95739, -1.65205, 0.210342, 5.02389, 2.21039, -1.15586, 0.401216, -1.42848, -12.9551};
// clang-format on

}  // namespace audio_ident::search
