#include "search/comparison.hpp"

#include <algorithm>

namespace audio_ident::search {

namespace {

constexpr double kStrongestPerSecond = 43;  // as dense as the peaks of a track in the index

std::vector<fingerprint::ClipPeak> strongest_peaks(const fingerprint::Clip& clip) {
    const auto peaks = clip.peaks(0);
    std::vector<fingerprint::ClipPeak> strongest(peaks.begin(), peaks.end());
    const auto kept = static_cast<std::size_t>(clip.seconds() * kStrongestPerSecond);
    if (strongest.size() > kept) {
        std::nth_element(strongest.begin(), strongest.begin() + static_cast<std::ptrdiff_t>(kept), strongest.end(),
                         [](const auto& a, const auto& b) { return a.contrast > b.contrast; });
        strongest.resize(kept);
    }
    return strongest;
}

}  // namespace

Comparison::Comparison(const index::FingerprintSnapshot& snapshot, const fingerprint::Clip& clip)
    : snapshot_(snapshot), clip_(clip), strongest_(strongest_peaks(clip)) {}

std::vector<fingerprint::Peak> Comparison::peaks_under(const index::Location& track, double offset_frames,
                                                       double margin_frames, double time) const {
    const double length = rows() / rows_per_frame() * time;
    const double first = std::max(0.0, offset_frames - margin_frames);
    const double end = std::min(double(track.frames), offset_frames + length + margin_frames);
    std::vector<fingerprint::Peak> peaks;
    if (end > first)
        snapshot_.peaks(track.track, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(end), peaks);
    return peaks;
}

}  // namespace audio_ident::search
