#pragma once

#include <cstdint>

#include "support/clip.hpp"

namespace audio_ident::test {

// Clips that the tests generate instead of storing. All are mono, depend only on their seed, and use the 16-bit grid
// (multiples of 2^-15), so that a 16-bit WAV or FLAC file stores exactly these samples.

Clip tone(double frequency_hz, double seconds, int sample_rate_hz = 44100, double amplitude = 0.5);

/// Uniform white noise.
Clip noise(std::uint64_t seed, double seconds, int sample_rate_hz = 44100, double amplitude = 0.5);

/// A sine sweep whose frequency rises exponentially.
Clip sweep(double from_hz, double to_hz, double seconds, int sample_rate_hz = 44100, double amplitude = 0.5);

/// Music-like sound: chords of decaying notes with overtones, a bass, a melody and noise drums. The seed selects key
/// and tempo. It does not repeat. A longer clip with the same seed and rate starts with the shorter one.
Clip music(std::uint64_t seed, double seconds, int sample_rate_hz = 44100);

}  // namespace audio_ident::test
