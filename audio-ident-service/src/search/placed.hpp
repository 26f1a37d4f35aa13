#pragma once

#include <vector>

#include "search/comparison.hpp"
#include "search/voting.hpp"

namespace audio_ident::search {

/// A place in a track, and how well the clip fits there.
struct Placement {
    std::size_t segment = 0;
    index::Location track;
    fingerprint::Transform transform;
    float votes = 0;
    double offset_frames = 0;  ///< where in the track the clip's first sample lies
    float z = 0;               ///< Score::z there
    std::uint32_t peaks = 0;   ///< Score::peaks there

    double offset_seconds() const { return offset_frames / fingerprint::kFramesPerSecond; }
};

/// The first stage of the verification: a candidate of the voting, moved to its best fit within Projection::kReachRows
/// rows.
struct Placed : Placement {};

/// The track at the candidate's place; several tracks when the clip spans a border; empty when no track is there, or is
/// no longer.
std::vector<Placed> place(const Comparison& comparison, const Candidate& candidate,
                          const fingerprint::Transform& transform);

/// Adds the peaks that place(), and the stages that follow it, will read for this candidate.
void add_peaks_to_read(const Comparison& comparison, const Candidate& candidate,
                       const fingerprint::Transform& transform, std::vector<index::PeakRange>& ranges);

}  // namespace audio_ident::search
