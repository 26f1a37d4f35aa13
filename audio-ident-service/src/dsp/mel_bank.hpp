#pragma once

#include <cstddef>
#include <vector>

namespace audio_ident::dsp {

struct MelParams {
    double sample_rate = 0;
    std::size_t window = 0;  ///< samples per transform, a power of two; the window function is a periodic Hann
    std::size_t hop = 0;     ///< samples between frames
    std::size_t bands = 0;
    double low_hz = 0;
    double high_hz = 0;
};

/// One mel band: `weights` apply to the power spectrum's bins from first_bin on.
struct MelBand {
    std::size_t first_bin = 0;
    std::vector<double> weights;
};

/// Triangular filters whose corners are evenly spaced on Slaney's scale (Auditory Toolbox, 1998). Each triangle has
/// unit area. This is librosa's mel(htk=False, norm="slaney").
std::vector<MelBand> mel_bank(const MelParams& params);

/// A Hann window without the zero at its end.
std::vector<double> periodic_hann(std::size_t length);

}  // namespace audio_ident::dsp
