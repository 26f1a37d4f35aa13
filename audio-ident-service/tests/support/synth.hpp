#pragma once

#include <cstdint>

#include "support/clip.hpp"

namespace audio_ident::test {

// Clips that the tests make instead of storing them. All are mono, deterministic by seed, and lie on the 16-bit grid
// (multiples of 2^-15), so that a 16-bit WAV or FLAC of them holds exactly these samples.

Clip tone(double frequency_hz, double seconds, int sample_rate_hz = 44100, double amplitude = 0.5);

/// White noise, uniform.
Clip noise(std::uint64_t seed, double seconds, int sample_rate_hz = 44100, double amplitude = 0.5);

/// A sine sweep, frequency rising exponentially.
Clip sweep(double from_hz, double to_hz, double seconds, int sample_rate_hz = 44100, double amplitude = 0.5);

/// Something like music: chords of decaying notes with overtones, a bass, a melody and noise drums, in a key and tempo
/// of the seed's choice; it does not repeat. A longer clip of the same seed and rate begins with the shorter one.
Clip music(std::uint64_t seed, double seconds, int sample_rate_hz = 44100);

}  // namespace audio_ident::test
