#pragma once

#include "monitor/rolling/chunk.hpp"
#include "timeline/peak_buckets.hpp"

namespace audio_ident::monitor {

/// Sound of a station that was heard without a break.
struct HeardPiece {
    Timestamp begin{};
    timeline::PeakBuckets sound;  ///< as timeline::SoundLog gives it
};

inline Timestamp end_of(const HeardPiece& piece) {
    return piece.begin + length_of_frames(static_cast<std::int64_t>(piece.sound.size() * fingerprint::kBucketFrames));
}

}  // namespace audio_ident::monitor
