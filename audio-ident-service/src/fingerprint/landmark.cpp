#include "fingerprint/landmark.hpp"

#include <algorithm>

namespace audio_ident::fingerprint {

std::vector<Peak> landmark_peaks(std::span<const Peak> peaks) {
    std::vector<Peak> strongest;
    strongest.reserve(peaks.size());
    for (auto begin = peaks.begin(); begin != peaks.end();) {
        const auto bucket = begin->frame / kBucketFrames;
        const auto end =
            std::find_if(begin, peaks.end(), [&](const Peak& peak) { return peak.frame / kBucketFrames != bucket; });
        const auto first = strongest.insert(strongest.end(), begin, end);
        begin = end;
        if (strongest.end() - first <= static_cast<std::ptrdiff_t>(kLandmarkPeaksPerBucket)) continue;
        const auto last = first + static_cast<std::ptrdiff_t>(kLandmarkPeaksPerBucket);
        std::nth_element(first, last, strongest.end(), [](const Peak& a, const Peak& b) {
            return a.strength != b.strength ? a.strength > b.strength : a < b;
        });
        strongest.erase(last, strongest.end());
        std::sort(first, strongest.end());
    }
    return strongest;
}

std::vector<Landmark> reference_landmarks(std::span<const Peak> all) {
    const std::vector<Peak> peaks = landmark_peaks(all);
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
