#include "search/placed.hpp"

#include <algorithm>
#include <cmath>

#include "search/projection.hpp"

namespace audio_ident::search {

namespace {

// A clip covers a track when it covers so much of it: a share of the clip, but no more than these frames.
constexpr double kLeastShare = 0.05;
constexpr double kLeastFrames = fingerprint::kFramesPerSecond;

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

/// Calls `visit` for the tracks that the clip covers at the candidate's place, but for those of which it covers hardly
/// anything. A clip may cover all of a short one, wherever it lies in the clip.
template <typename Visit>
void for_each_track(const Comparison& comparison, const Candidate& candidate, const fingerprint::Transform& transform,
                    Visit&& visit) {
    const double clip_frames = frames_of_clip(comparison, transform);
    const auto least = std::max<std::int64_t>(1, std::llround(std::min(kLeastShare * clip_frames, kLeastFrames)));
    const std::int64_t begin = std::max<std::int64_t>(0, candidate.offset);
    const std::int64_t end = candidate.offset + static_cast<std::int64_t>(clip_frames);
    for (std::int64_t at = begin; at < end;) {
        const auto track = comparison.locate(candidate.segment, static_cast<std::uint32_t>(at));
        if (!track) {
            at += least;  // A removed track does not say where it ends.
            continue;
        }
        const std::int64_t track_end = std::int64_t{track->begin} + track->frames;
        if (std::min(track_end, end) - std::max<std::int64_t>(track->begin, begin) >= least) visit(*track);
        at = track_end;
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
