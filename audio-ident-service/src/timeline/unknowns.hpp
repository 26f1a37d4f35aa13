#pragma once

#include <cstddef>
#include <stop_token>
#include <vector>

#include "timeline/peak_buckets.hpp"
#include "timeline/repeats.hpp"
#include "timeline/timeline.hpp"

namespace audio_ident::timeline {

/// What was not recognised in the recordings of a run, and what of it is heard again. Memory: 0.65 MB an hour of
/// unknown sound, bounded (PeakBuckets); gaps() takes another 1.8 MB an hour and 20 MB while it runs.
class Unknowns {
  public:
    /// Adds a recording. `sound`: of all of it, as SoundLog gives it. Its first `compared_seconds` are not compared
    /// with what came before, only what comes after with them.
    void add(const PeakBuckets& sound, const Timeline& timeline, double compared_seconds = 0);
    /// For each recording in order of addition its gaps, numbered: those without a track are cut where a sound that is
    /// heard several times begins and ends. Very short ones get no number. After a stop, some repeats are missing.
    std::vector<std::vector<Gap>> gaps(const std::stop_token& stop = {}) const;

  private:
    /// A gap whose sound is on the tape.
    struct Part {
        double begin_seconds;  ///< of the piece's first bucket, in the recording
        Piece piece;
    };

    PeakBuckets tape_;
    std::vector<Part> parts_;
    std::vector<std::vector<Gap>> recordings_;
};

}  // namespace audio_ident::timeline
