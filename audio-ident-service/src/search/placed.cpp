#include "search/placed.hpp"

#include <algorithm>
#include <optional>

#include "search/projection.hpp"

namespace audio_ident::search {

namespace {

Placed best_around(const Comparison& comparison, const Candidate& candidate, const fingerprint::Transform& transform,
                   const index::Location& track) {
    constexpr int kReach = Projection::kReachRows;
    const double offset = double(candidate.offset) - double(track.begin);
    const auto peaks = comparison.peaks_under(track, offset, kReach, double(transform.time));
    const auto scores = Projection(comparison.clip(), peaks, offset, transform, comparison.all_rows()).scores_around();
    std::size_t best = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (scores[i].z > scores[best].z) best = i;
    }
    double fraction = 0;
    if (best > 0 && best + 1 < scores.size()) fraction = vertex(scores[best - 1].z, scores[best].z, scores[best + 1].z);
    Placed placed;
    placed.segment = candidate.segment;
    placed.track = track;
    placed.transform = transform;
    placed.votes = candidate.votes;
    placed.offset_frames =
        offset + (static_cast<double>(best) - kReach + fraction) * double(transform.time) / comparison.rows_per_frame();
    placed.z = scores[best].z;
    placed.peaks = scores[best].peaks;
    return placed;
}

double frames_of_clip(const Comparison& comparison, const fingerprint::Transform& transform) {
    return comparison.rows() / comparison.rows_per_frame() * double(transform.time);
}

/// Calls `visit` for the tracks at the candidate's place.
template <typename Visit>
void for_each_track(const Comparison& comparison, const Candidate& candidate, const fingerprint::Transform& transform,
                    Visit&& visit) {
    const double clip_frames = frames_of_clip(comparison, transform);
    std::optional<std::uint32_t> last_track;
    for (const double part : {0.05, 0.5, 0.95}) {
        const std::int64_t at = candidate.offset + static_cast<std::int64_t>(clip_frames * part);
        if (at < 0) continue;
        const auto track = comparison.locate(candidate.segment, static_cast<std::uint32_t>(at));
        if (!track || track->track == last_track) continue;
        last_track = track->track;
        visit(*track);
    }
}

}  // namespace

std::vector<Placed> place(const Comparison& comparison, const Candidate& candidate,
                          const fingerprint::Transform& transform) {
    std::vector<Placed> placements;
    for_each_track(comparison, candidate, transform, [&](const index::Location& track) {
        placements.push_back(best_around(comparison, candidate, transform, track));
    });
    return placements;
}

void add_peaks_to_read(const Comparison& comparison, const Candidate& candidate,
                       const fingerprint::Transform& transform, std::vector<index::PeakRange>& ranges) {
    // As far around the clip as the later stages read (judged.cpp, refined.cpp).
    constexpr double kFrames = 40;
    constexpr double kOfTheClip = 0.25;
    const double clip_frames = frames_of_clip(comparison, transform);
    const double margin = kFrames + kOfTheClip * clip_frames;
    for_each_track(comparison, candidate, transform, [&](const index::Location& track) {
        const double offset = double(candidate.offset) - double(track.begin);
        const double first = std::max(0.0, offset - margin);
        const double end = std::min(double(track.frames), offset + clip_frames + margin);
        if (end > first)
            ranges.push_back({track.track, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(end)});
    });
}

}  // namespace audio_ident::search
