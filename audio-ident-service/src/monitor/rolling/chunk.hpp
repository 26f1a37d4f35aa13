#pragma once

#include <chrono>
#include <cstdint>

#include "catalog/monitor_store.hpp"
#include "fingerprint/params.hpp"

namespace audio_ident::monitor {

using catalog::Timestamp;

// The rolling index holds the sound of a station in chunks, which are its tracks. A chunk begins with the last seconds
// of the chunk before, so that a short clip lies whole in one of them.

inline constexpr std::size_t kBucketSamples = fingerprint::kBucketFrames * fingerprint::kHopSamples;
inline constexpr std::size_t kLeadBuckets = 16;                   ///< of the chunk before: 8.2 s
inline constexpr std::size_t kChunkBuckets = kLeadBuckets + 120;  ///< with the lead: 70 s

/// The id of a chunk says whose it is and when it begins: half of the monitor's id, and the time in microseconds.
TrackId chunk_id(const Uuid& monitor, Timestamp begin);
bool is_chunk_of(const TrackId& chunk, const Uuid& monitor);
Timestamp begin_of(const TrackId& chunk);

/// How long so many frames of a fingerprint are.
inline std::chrono::microseconds length_of_frames(std::int64_t frames) {
    return std::chrono::microseconds(frames * std::int64_t{fingerprint::kHopSamples} * 1'000'000 /
                                     fingerprint::kSampleRateHz);
}

}  // namespace audio_ident::monitor
