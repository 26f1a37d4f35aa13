#include "search/verification.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace audio_ident::search {

namespace {

using fingerprint::Clip;
using fingerprint::Peak;

constexpr int kReach = 6;  // offsets tried to either side, in rows of the map
constexpr double kRowsPerFrame = double(Clip::kPhases);
constexpr std::uint32_t kFewPeaks = 20;    // keeps a handful of lucky peaks from a high z
constexpr int kHit = 40;                   // map value, one unit of contrast
constexpr std::uint32_t kSpanFrames = 31;  // half a second

struct Score {
    float sum = 0;
    std::uint32_t peaks = 0;
};

// Where a track's peak falls on the clip's map: its bin, and its row when the clip begins at row 0 of the track.
struct Target {
    float row;
    std::uint16_t bin;
};

Score score_at(const Clip& clip, std::span<const Target> targets, float shift) {
    Score score;
    std::int64_t sum = 0;
    const auto rows = static_cast<float>(clip.rows());
    for (const Target& target : targets) {
        const float row = target.row - shift + 0.5F;
        if (row < 0 || row >= rows) continue;
        sum += clip.row(static_cast<std::size_t>(row))[target.bin];
        ++score.peaks;
    }
    score.sum = static_cast<float>(sum);
    return score;
}

}  // namespace

std::vector<Alignment> verify(const index::FingerprintSnapshot& snapshot, const Clip& clip, const Candidate& candidate,
                              const fingerprint::Transform& transform) {
    std::vector<Alignment> alignments;
    const double clip_frames = double(clip.rows()) / kRowsPerFrame * transform.time;
    std::array<std::optional<index::Location>, 3> locations;
    for (std::size_t i = 0; i < locations.size(); ++i) {
        const std::int64_t at = candidate.offset + static_cast<std::int64_t>(clip_frames * (0.05 + 0.45 * double(i)));
        if (at < 0) continue;
        auto location = snapshot.locate(candidate.segment, static_cast<std::uint32_t>(at));
        if (location && (i == 0 || !locations[i - 1] || locations[i - 1]->track != location->track))
            locations[i] = location;
    }
    std::vector<Peak> peaks;
    std::vector<Target> targets;
    for (const auto& location : locations) {
        if (!location) continue;
        const double offset = double(candidate.offset) - double(location->begin);
        const auto first = static_cast<std::uint32_t>(std::max(0.0, offset - kReach));
        const double end = std::min(double(location->frames), offset + clip_frames + kReach);
        if (end <= first) continue;
        peaks.clear();
        snapshot.peaks(location->track, first, static_cast<std::uint32_t>(end), peaks);
        targets.clear();
        for (const Peak& peak : peaks) {
            const float bin = (float(peak.bin) + float(fingerprint::kFirstBin)) * transform.pitch -
                              float(fingerprint::kFirstBin) + 0.5F;
            if (bin < 0 || bin >= float(fingerprint::kBins)) continue;
            const double row = (double(peak.frame) - offset) * kRowsPerFrame / transform.time;
            targets.push_back({static_cast<float>(row), static_cast<std::uint16_t>(bin)});
        }
        std::array<float, 2 * kReach + 1> scores{};
        int best = 0;
        std::uint32_t best_peaks = 0;
        for (int shift = -kReach; shift <= kReach; ++shift) {
            const Score score = score_at(clip, targets, static_cast<float>(shift));
            const float z = score.sum / (clip.map_deviation() * std::sqrt(static_cast<float>(score.peaks + kFewPeaks)));
            scores[static_cast<std::size_t>(shift + kReach)] = z;
            if (shift == -kReach || z > scores[static_cast<std::size_t>(best + kReach)]) {
                best = shift;
                best_peaks = score.peaks;
            }
        }
        const auto at = static_cast<std::size_t>(best + kReach);
        double fraction = 0;
        if (at > 0 && at + 1 < scores.size()) {
            const float bend = scores[at - 1] - 2 * scores[at] + scores[at + 1];
            if (bend < -1e-6F)
                fraction = std::clamp(0.5 * double(scores[at - 1] - scores[at + 1]) / double(bend), -0.5, 0.5);
        }
        Alignment alignment;
        alignment.track = *location;
        alignment.segment = candidate.segment;
        alignment.transform = transform;
        alignment.votes = candidate.votes;
        alignment.z = scores[at];
        alignment.peaks = best_peaks;
        alignment.offset_seconds =
            (offset + (best + fraction) * transform.time / kRowsPerFrame) / fingerprint::kFramesPerSecond;

        const auto spans = static_cast<std::size_t>(clip.rows() / (kSpanFrames * Clip::kPhases)) + 1;
        std::vector<int> span_sums(spans);
        std::vector<int> span_counts(spans);
        for (const Target& target : targets) {
            const float row = target.row - static_cast<float>(best) + 0.5F;
            if (row < 0 || row >= static_cast<float>(clip.rows())) continue;
            const int value = clip.row(static_cast<std::size_t>(row))[target.bin];
            if (value >= kHit) ++alignment.hits;
            const auto span = static_cast<std::size_t>(row) / (kSpanFrames * Clip::kPhases);
            span_sums[span] += value;
            ++span_counts[span];
        }
        int counted = 0;
        int agreeing = 0;
        for (std::size_t span = 0; span < spans; ++span) {
            if (span_counts[span] < 5) continue;
            ++counted;
            const float z = static_cast<float>(span_sums[span]) /
                            (clip.map_deviation() * std::sqrt(static_cast<float>(span_counts[span])));
            if (z > 1.5F) ++agreeing;
        }
        alignment.coherence = counted == 0 ? 0.0F : static_cast<float>(agreeing) / static_cast<float>(counted);
        alignments.push_back(alignment);
    }
    return alignments;
}

}  // namespace audio_ident::search
