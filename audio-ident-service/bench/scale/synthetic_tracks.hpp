#pragma once

#include <cstdint>
#include <vector>

#include "fingerprint/fingerprint.hpp"
#include "support/random.hpp"

namespace audio_ident::bench {

/// Makes synthetic tracks from the peaks of real ones, for libraries larger than any available. A track consists of
/// stretches of 2 to 6 s. Each comes from a random place in a random recording and has another tempo; some have another
/// pitch, and some peaks are replaced by random ones. Now and then an earlier stretch of the same track returns, as in
/// music. So landmarks are as frequent as in real tracks and occur together as they do there, but no stretch is a copy.
/// Thread-safe.
class SyntheticTracks {
  public:
    /// At least one of the recordings must have peaks.
    explicit SyntheticTracks(std::vector<fingerprint::Fingerprint> recordings);

    /// Makes a track with this many frames. The same seed and recordings always give the same track.
    fingerprint::Fingerprint make(std::uint64_t seed, std::uint32_t frames) const;

  private:
    /// A stretch of a recording, and how it is changed.
    struct Stretch {
        std::size_t recording = 0;
        std::uint32_t begin = 0;   ///< first frame in the recording
        std::uint32_t frames = 0;  ///< length in the new track
        double time = 1;           ///< frames of the recording per frame of the track
        double pitch = 1;          ///< frequency in the track / frequency in the recording
    };

    Stretch random_stretch(test::Random& random) const;
    void append(const Stretch& stretch, std::uint32_t at, test::Random& random,
                std::vector<fingerprint::Peak>& peaks) const;
    const fingerprint::Peak& random_peak(test::Random& random) const;

    std::vector<fingerprint::Fingerprint> recordings_;
    std::vector<std::uint64_t> peak_ends_;  ///< running sum of the recordings' numbers of peaks
};

}  // namespace audio_ident::bench
