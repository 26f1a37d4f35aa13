#pragma once

#include <cstdint>
#include <vector>

#include "fingerprint/fingerprint.hpp"
#include "support/random.hpp"

namespace audio_ident::bench {

/// Makes up tracks out of real ones' peaks, for libraries larger than any at hand. A track is stretches of 2 to 6 s, each
/// from a random place of a random recording, at another tempo and some at another pitch, with some peaks exchanged for random ones; now
/// and then an earlier stretch of the same track returns, as in music. Thus landmarks are as frequent, and appear together,
/// as in real tracks, yet no stretch is a copy. Thread-safe.
class SyntheticTracks {
  public:
    /// `recordings` with peaks in at least one.
    explicit SyntheticTracks(std::vector<fingerprint::Fingerprint> recordings);

    /// A track of so many frames; the same for the same seed and recordings.
    fingerprint::Fingerprint make(std::uint64_t seed, std::uint32_t frames) const;

  private:
    /// A stretch of a recording, and what is done to it.
    struct Stretch {
        std::size_t recording = 0;
        std::uint32_t begin = 0;   ///< frame of the recording
        std::uint32_t frames = 0;  ///< in the new track
        double time = 1;           ///< frames of the recording a frame of the track
        double pitch = 1;          ///< frequency in the track / in the recording
    };

    Stretch random_stretch(test::Random& random) const;
    void append(const Stretch& stretch, std::uint32_t at, test::Random& random,
                std::vector<fingerprint::Peak>& peaks) const;
    const fingerprint::Peak& random_peak(test::Random& random) const;

    std::vector<fingerprint::Fingerprint> recordings_;
    std::vector<std::uint64_t> peak_ends_;  ///< running sum of the recordings' peaks
};

}  // namespace audio_ident::bench
