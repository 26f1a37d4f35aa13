#pragma once

#include <compare>
#include <cstdint>
#include <vector>

namespace audio_ident::fingerprint {

/// A spectral peak: a local maximum of local contrast in time and frequency (see docs/fingerprint.md).
struct Peak {
    std::uint32_t frame = 0;    ///< hop index from the start of the recording
    std::uint16_t bin = 0;      ///< FFT bin
    std::uint8_t strength = 0;  ///< contrast, quantised: 16 a unit

    auto operator<=>(const Peak&) const = default;
};

/// All that the exact lane keeps of a recording.
struct Fingerprint {
    std::uint32_t params_version = 0;
    std::uint32_t frames = 0;  ///< length of the recording in hops
    std::vector<Peak> peaks;   ///< by frame, then bin
};

}  // namespace audio_ident::fingerprint
