#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/chromaprint/fingerprinter.hpp"
#include "lib/ffmpeg/resampler.hpp"

namespace audio_ident::audio {

/// The content fingerprint with which ingest recognises the same recording in another file.
struct Chromaprint {
    std::string text;             ///< compressed and base64-coded, as `fpcalc` prints it
    double duration_seconds = 0;  ///< seconds of audio that the fingerprint covers
};

/// Computes the Chromaprint of the first kMaxSeconds of a recording. The result does not depend on how the input is
/// split into blocks.
class ChromaprintCalculator {
  public:
    static constexpr int kSampleRateHz = 16000;
    static constexpr int kMaxSeconds = 120;

    ChromaprintCalculator();

    /// Takes mono samples at kSampleRateHz, nominally in [-1, 1]. Ignores samples after kMaxSeconds. Throws
    /// std::runtime_error.
    void consume(std::span<const float> samples);
    /// Returns the fingerprint; nullopt when the audio is too short to tell recordings apart (under about 5 s), or
    /// silent or nearly constant throughout. Call once.
    std::optional<Chromaprint> finish();

  private:
    void feed(std::span<const float> samples);

    // Resamples to Chromaprint's own rate. Chromaprint's built-in resampler takes four times as long as the rest of its
    // work.
    ffmpeg::Resampler resampler_;
    chromaprint::Fingerprinter fingerprinter_;
    std::vector<std::int16_t> block_;
    std::size_t consumed_ = 0;
};

/// Decodes the text of a Chromaprint into its items; nullopt when the text is not a Chromaprint.
std::optional<std::vector<std::uint32_t>> decode_chromaprint(std::string_view text);

/// The similarity of two recordings, 0 to 1: the share of equal bits at the best alignment within about 5 s. 0 when too
/// little non-silent audio overlaps. Thread-safe.
/// Measured on 122 pieces of music: 0.969 to 1 against the same piece as MP3 at 64 kbit/s, 0.913 to 1 against Opus at
/// 32 kbit/s. Different pieces: median 0.52, at most 0.68 (0.77 for 8 s of audio).
double chromaprint_similarity(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

}  // namespace audio_ident::audio
