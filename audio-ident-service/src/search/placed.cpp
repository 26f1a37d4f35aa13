#include "search/placed.hpp"

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

}  // namespace

std::vector<Placed> place(const Comparison& comparison, const Candidate& candidate,
                          const fingerprint::Transform& transform) {
    std::vector<Placed> placements;
    const double clip_frames = comparison.rows() / comparison.rows_per_frame() * double(transform.time);
    std::optional<std::uint32_t> last_track;
    for (const double part : {0.05, 0.5, 0.95}) {
        const std::int64_t at = candidate.offset + static_cast<std::int64_t>(clip_frames * part);
        if (at < 0) continue;
        const auto track = comparison.locate(candidate.segment, static_cast<std::uint32_t>(at));
        if (!track || track->track == last_track) continue;
        last_track = track->track;
        placements.push_back(best_around(comparison, candidate, transform, *track));
    }
    return placements;
}

}  // namespace audio_ident::search
