#include "scale/synthetic_tracks.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace audio_ident::bench {

namespace {

using fingerprint::Peak;

constexpr double kShortestSeconds = 2;
constexpr double kLongestSeconds = 6;
constexpr double kTimeRange = 0.1;  // In both directions.
// Only whole semitones, and most stretches unchanged, because music is tuned alike. Otherwise the landmarks of two
// tracks would agree half as often as in real libraries.
constexpr double kTransposed = 0.3;        // Share of the stretches.
constexpr int kMostSemitones = 2;          // In both directions.
constexpr double kExchangedPeaks = 0.1;    // Share of the peaks.
constexpr double kReturningStretch = 0.3;  // Share of the stretches.

// Maps `bin` to another pitch. The result may be outside the range of bins.
int scaled_bin(int bin, double pitch) {
    constexpr int kFirst = static_cast<int>(fingerprint::kFirstBin);
    return static_cast<int>(std::lround((bin + kFirst) * pitch)) - kFirst;
}

}  // namespace

SyntheticTracks::SyntheticTracks(std::vector<fingerprint::Fingerprint> recordings)
    : recordings_(std::move(recordings)) {
    std::uint64_t peaks = 0;
    for (const auto& recording : recordings_) peak_ends_.push_back(peaks += recording.peaks.size());
}

const Peak& SyntheticTracks::random_peak(test::Random& random) const {
    const std::uint64_t at = random.next() % peak_ends_.back();
    const auto recording = std::upper_bound(peak_ends_.begin(), peak_ends_.end(), at) - peak_ends_.begin();
    const auto& peaks = recordings_[static_cast<std::size_t>(recording)].peaks;
    return peaks[peaks.size() - (peak_ends_[static_cast<std::size_t>(recording)] - at)];
}

SyntheticTracks::Stretch SyntheticTracks::random_stretch(test::Random& random) const {
    // Choose longer recordings more often, so that every peak is equally likely.
    const std::uint64_t at = random.next() % peak_ends_.back();
    const auto recording = std::upper_bound(peak_ends_.begin(), peak_ends_.end(), at) - peak_ends_.begin();
    Stretch stretch{.recording = static_cast<std::size_t>(recording)};
    const double seconds = random.uniform(kShortestSeconds, kLongestSeconds);
    stretch.time = 1 + random.uniform(-kTimeRange, kTimeRange);
    if (random.uniform() < kTransposed) {
        stretch.pitch = std::exp2((random.below(2 * kMostSemitones + 1) - kMostSemitones) / 12.0);
    }
    const double all = recordings_[stretch.recording].frames;
    const double source = std::min(seconds * fingerprint::kFramesPerSecond * stretch.time, all);
    stretch.begin = static_cast<std::uint32_t>(random.uniform(0, all - source));
    stretch.frames = static_cast<std::uint32_t>(source / stretch.time) + 1;
    return stretch;
}

void SyntheticTracks::append(const Stretch& stretch, std::uint32_t at, test::Random& random,
                             std::vector<Peak>& peaks) const {
    const auto& source = recordings_[stretch.recording].peaks;
    const auto frame_less = [](const Peak& peak, std::uint32_t frame) { return peak.frame < frame; };
    const auto end_frame = static_cast<std::uint32_t>(stretch.begin + stretch.frames * stretch.time);
    for (auto peak = std::lower_bound(source.begin(), source.end(), stretch.begin, frame_less);
         peak != source.end() && peak->frame < end_frame; ++peak) {
        const auto frame = static_cast<std::uint32_t>((peak->frame - stretch.begin) / stretch.time);
        const int bin = scaled_bin(peak->bin, stretch.pitch);
        Peak made{at + frame, static_cast<std::uint16_t>(bin), peak->strength};
        if (bin < 0 || bin >= int{fingerprint::kBins} || random.uniform() < kExchangedPeaks) {
            const Peak& other = random_peak(random);
            made = {at + static_cast<std::uint32_t>(random.uniform(0, stretch.frames)), other.bin, other.strength};
        }
        peaks.push_back(made);
    }
}

fingerprint::Fingerprint SyntheticTracks::make(std::uint64_t seed, std::uint32_t frames) const {
    test::Random random(seed);
    fingerprint::Fingerprint track;
    track.frames = frames;
    std::vector<Stretch> stretches;
    for (std::uint32_t at = 0; at < frames; at += stretches.back().frames) {
        const bool returns = !stretches.empty() && random.uniform() < kReturningStretch;
        stretches.push_back(returns ? stretches[random.next() % stretches.size()] : random_stretch(random));
        append(stretches.back(), at, random, track.peaks);
    }
    std::erase_if(track.peaks, [&](const Peak& peak) { return peak.frame >= frames; });
    const auto place = [](const Peak& peak) { return std::tie(peak.frame, peak.bin); };
    std::sort(track.peaks.begin(), track.peaks.end(),
              [&](const Peak& a, const Peak& b) { return place(a) < place(b); });
    const auto same = std::unique(track.peaks.begin(), track.peaks.end(),
                                  [&](const Peak& a, const Peak& b) { return place(a) == place(b); });
    track.peaks.erase(same, track.peaks.end());
    return track;
}

}  // namespace audio_ident::bench
