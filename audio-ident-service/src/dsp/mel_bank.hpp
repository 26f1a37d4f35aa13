#pragma once

#include <cstddef>
#include <vector>

namespace audio_ident::dsp {

struct MelParams {
    double sample_rate = 0;
    std::size_t window = 0;  ///< samples a transform, a power of two; the window is a periodic Hann
    std::size_t hop = 0;     ///< samples from frame to frame
    std::size_t bands = 0;
    double low_hz = 0;
    double high_hz = 0;
};

/// What a band hears: bins of the power spectrum from first_bin on, by weight.
struct MelBand {
    std::size_t first_bin = 0;
    std::vector<double> weights;
};

/// Triangles in Hz between points that are evenly spaced on Slaney's scale (Auditory Toolbox, 1998), each of unit area:
/// what librosa calls mel(htk=False, norm="slaney").
std::vector<MelBand> mel_bank(const MelParams& params);

/// Hann's window, without the zero at its end.
std::vector<double> periodic_hann(std::size_t length);

}  // namespace audio_ident::dsp
