#pragma once

#include <cstdint>
#include <vector>

#include "core/track_id.hpp"
#include "fingerprint/fingerprint.hpp"
#include "support/random.hpp"

namespace audio_ident::test {

/// The id of test track `number`.
inline TrackId numbered_id(std::uint32_t number) {
    TrackId::Bytes bytes{};
    for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    bytes[15] = 1;
    return TrackId(bytes);
}

/// Random peaks, one per frame on average, as in music.
inline fingerprint::Fingerprint random_fingerprint(std::uint64_t seed, std::uint32_t frames) {
    Random random(seed);
    fingerprint::Fingerprint fingerprint;
    fingerprint.frames = frames;
    for (std::uint32_t frame = 0; frame < frames; ++frame) {
        std::uint64_t bin = 0;
        for (int n = random.below(3); n > 0; --n) {
            bin += 1 + random.next() % (fingerprint::kBins / 2 - 1);
            fingerprint.peaks.push_back(
                {frame, static_cast<std::uint16_t>(bin), static_cast<std::uint8_t>(random.below(256))});
        }
    }
    return fingerprint;
}

/// `count` pairs of peaks that all have the same key, and no other pairs: a steady click.
inline fingerprint::Fingerprint clicks(std::uint32_t count, std::uint16_t bin = 100) {
    constexpr std::uint32_t kSpacing = 2 * fingerprint::kMaxPairFrames;
    fingerprint::Fingerprint fingerprint;
    fingerprint.frames = count * kSpacing;
    for (std::uint32_t i = 0; i < count; ++i) {
        fingerprint.peaks.push_back({i * kSpacing, bin, 100});
        fingerprint.peaks.push_back({i * kSpacing + 5, static_cast<std::uint16_t>(bin + 10), 100});
    }
    return fingerprint;
}

}  // namespace audio_ident::test
