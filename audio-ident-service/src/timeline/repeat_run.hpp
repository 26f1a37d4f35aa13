#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "timeline/cells.hpp"
#include "timeline/peak_buckets.hpp"

namespace audio_ident::timeline {

/// The sound at a frame of the tape is that of `lag` frames before.
struct Lag {
    std::uint32_t frame = 0;
    std::uint32_t lag = 0;
};

/// A run of landmarks that agree on a lag, which may drift.
struct Run {
    std::vector<Lag> lags;  ///< by frame
    std::size_t votes = 0;

    std::uint32_t lag_at(std::uint32_t frame) const;
};

/// For each bucket in [first, end): how clearly its peaks are those of the run's lag before, in standard deviations
/// above what places beside it give; 0: cannot be told. As Line::evidence, with buckets for cells.
CellSeries evidence_of(const PeakBuckets& tape, const Run& run, std::size_t first, std::size_t end);

}  // namespace audio_ident::timeline
