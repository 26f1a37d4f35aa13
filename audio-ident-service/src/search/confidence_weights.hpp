#pragma once

// Written by eval/train_confidence.py: 12100 searches, clips of 101 recordings.

#include <array>

#include "search/confidence.hpp"

namespace audio_ident::search {

/// In the order of kConfidenceInputNames; the last is the constant.
using ConfidenceWeights = std::array<double, kConfidenceInputs + 1>;

// clang-format off
inline constexpr ConfidenceWeights kPlainWeights{2.54101, 3.62129, 2.16429, 2.3608, -1.68403, 1.02913, -0.0950411, 2.01232, 1.21559, 0.13232, 0.0959232, -1.86651, -0.260134, -19.404};
inline constexpr ConfidenceWeights kTransformedWeights{2.32851, 3.5109, 2.18457, 2.76029, -0.423079, -0.505362, 2.14668, 1.81114, 1.94979, -2.14169, -0.550412, -1.95222, -0.0861227, -18.8762};
// clang-format on

}  // namespace audio_ident::search
