#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "fingerprint/clip.hpp"
#include "index/fingerprint/reader.hpp"
#include "search/voting.hpp"

namespace audio_ident::search {

/// A candidate measured against the stored peaks of its track.
struct Alignment {
    index::Location track;
    std::size_t segment = 0;
    fingerprint::Transform transform;
    float votes = 0;
    double offset_seconds = 0;  ///< where in the track the clip's first sample lies
    float z = 0;                ///< Σ map value under the track's peaks, in standard deviations of a chance alignment
    std::uint32_t peaks = 0;    ///< of the track that lie under the clip
    std::uint32_t hits = 0;     ///< of them, where the clip's map is clearly high
    float coherence = 0;        ///< share of the half seconds under the clip that agree by themselves, 0-1
};

/// Measures a candidate; nullopt when it lies in no track (any more).
std::vector<Alignment> verify(const index::FingerprintSnapshot& snapshot, const fingerprint::Clip& clip,
                              const Candidate& candidate, const fingerprint::Transform& transform);

}  // namespace audio_ident::search
