#include "fingerprint/landmark.hpp"

namespace audio_ident::fingerprint {

std::vector<Landmark> reference_landmarks(std::span<const Peak> peaks) {
    std::vector<Landmark> landmarks;
    landmarks.reserve(peaks.size() * kReferenceFanOut);
    for_each_pair(peaks, kReferenceFanOut, [&](std::size_t i, std::size_t j) {
        const Peak& a = peaks[i];
        const Peak& b = peaks[j];
        landmarks.push_back({make_key(a.bin, int(b.bin) - int(a.bin), b.frame - a.frame), a.frame});
    });
    return landmarks;
}

}  // namespace audio_ident::fingerprint
