#pragma once

#include <cstdint>
#include <span>

#include "fingerprint/fingerprint.hpp"

namespace audio_ident::ingest {

/// What is known of the sound of a whole recording.
struct Recording {
    std::span<const fingerprint::Peak> peaks;  ///< by frame, then bin
    std::uint32_t frames = 0;
    std::span<const std::uint16_t> loudness = {};  ///< its waveform; empty: all of it counts as loud
};

/// How much of two recordings is the same when one is laid over the other.
struct Overlap {
    double common_seconds = 0;     ///< sound that both have
    double differing_seconds = 0;  ///< where both have sound, and not the same
    double extra_seconds = 0;      ///< sound before the beginning or after the end of the other
};

/// Lays two recordings over each other where their beginnings agree, and compares them over their whole length. Silence
/// counts as nothing. `fresh` was just analysed: its peaks have strengths. Those of `known` need none.
///
/// Another encoding loses weak peaks; a voice adds strong ones and hides others. So most of the strong peaks must be in
/// both, and more than half of all. Fourteen tracks (2026-11-28, 90 s of each), either of the two known before: all
/// copies are told (MP3 at 64 kbit/s, Opus at 32 kbit/s), 20 of 28 remasters (compressor, limiter, equaliser), and 7 of
/// 28 versions with a voice at -6 dB, in dense music. Peaks of different versions differ: 7 of 28 copies were told when
/// one fingerprint had version 2 and the other version 3, so compare equal versions only.
Overlap lay_over(const Recording& fresh, const Recording& known);

/// Whether one is a copy of the other: the same from beginning to end, give or take silence. Other encodings and
/// slightly different speeds are copies; a longer or shorter version, or one with a voice, is not.
bool are_copies(const Overlap& overlap);

}  // namespace audio_ident::ingest
