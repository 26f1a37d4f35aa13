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

/// The content fingerprint by which ingest finds the same recording in another file.
struct Chromaprint {
    std::string text;             ///< compressed and base64-coded, as `fpcalc` prints it
    double duration_seconds = 0;  ///< of audio it covers
};

/// Computes the Chromaprint of the first kMaxSeconds of a recording. How the input is cut does not matter.
class ChromaprintCalculator {
  public:
    static constexpr int kSampleRateHz = 16000;
    static constexpr int kMaxSeconds = 120;

    ChromaprintCalculator();

    /// Mono at kSampleRateHz, nominally in [-1, 1]. What lies beyond kMaxSeconds is ignored. Throws std::runtime_error.
    void consume(std::span<const float> samples);
    /// Absent when the audio is too short to tell recordings apart (under about 5 s), or silent or nearly constant all
    /// through. Call once.
    std::optional<Chromaprint> finish();

  private:
    void feed(std::span<const float> samples);

    // To the rate that Chromaprint works at: its own resampler takes four times as long as all that it does then.
    ffmpeg::Resampler resampler_;
    chromaprint::Fingerprinter fingerprinter_;
    std::vector<std::int16_t> block_;
    std::size_t consumed_ = 0;
};

/// The items of a Chromaprint's text; nullopt when it is none.
std::optional<std::vector<std::uint32_t>> decode_chromaprint(std::string_view text);

/// How alike two recordings are, 0 to 1: the share of equal bits at the alignment, within some 5 s, where it is
/// greatest; 0 when too little that is not silence overlaps. Thread-safe.
/// Measured on 122 pieces of music: against MP3 64k 0.969 to 1, against Opus 32k 0.913 to 1, against each other 0.52 in
/// the median and 0.68 at most (0.77 when only 8 s long).
double chromaprint_similarity(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

}  // namespace audio_ident::audio
