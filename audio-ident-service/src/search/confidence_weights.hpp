#pragma once

// Written by eval/train_confidence.py: 16208 searches, clips of 164 recordings.

#include <array>

#include "search/confidence.hpp"

namespace audio_ident::search {

/// In the order of kConfidenceInputNames; the last is the constant.
using ConfidenceWeights = std::array<double, kConfidenceInputs + 1>;

// clang-format off
inline constexpr ConfidenceWeights kPlainWeights{1.67364, 4.24621, 2.66177, 1.65728, -4.86648, 2.4325, -0.0980279, 2.50623, 0.723138, 0.577994, 0.114496, 1.67787, 1.10069, -0.113495, -0.0342242, -17.8026};
inline constexpr ConfidenceWeights kTransformedWeights{-0.415424, 2.23479, 1.63722, 1.521, -1.16982, 0.507216, 0.42426, 4.29532, 0.299917, -1.02558, -0.639565, 2.15422, 1.52138, -0.0264795, 0.0318503, -7.90142};
// clang-format on

}  // namespace audio_ident::search
