#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "fingerprint/params.hpp"

namespace audio_ident::fingerprint {

inline constexpr float kStrengthScale = 40.0F;  ///< steps of Peak::strength a unit of contrast

/// A spectral peak: a local maximum of local contrast in time and frequency (docs/fingerprint.md).
struct Peak {
    std::uint32_t frame = 0;    ///< hop index from the start of the recording
    std::uint16_t bin = 0;      ///< 0 … kBins - 1
    std::uint8_t strength = 0;  ///< contrast in steps of 1/kStrengthScale

    auto operator<=>(const Peak&) const = default;
};

/// All that the exact lane keeps of a recording.
struct Fingerprint {
    std::uint32_t params_version = Params::kVersion;
    std::uint32_t frames = 0;  ///< length of the recording in hops
    std::vector<Peak> peaks;   ///< by frame, then bin

    bool operator==(const Fingerprint&) const = default;
};

}  // namespace audio_ident::fingerprint
