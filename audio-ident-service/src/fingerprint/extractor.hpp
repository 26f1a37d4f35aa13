#pragma once

#include <cstdint>
#include <span>

#include "fingerprint/contrast.hpp"
#include "fingerprint/faint_noise.hpp"
#include "fingerprint/fingerprint.hpp"
#include "fingerprint/peak_picker.hpp"
#include "fingerprint/spectrogram.hpp"

namespace audio_ident::fingerprint {

/// Fingerprints a recording for the index: spectrogram → faint noise → contrast → peaks. Streaming, about 280 kB of
/// state whatever the length, and the result does not depend on how the samples were cut into blocks. Not thread-safe:
/// one a thread.
class Extractor {
  public:
    void reset();
    /// Mono samples at kSampleRateHz.
    void consume(std::span<const float> samples);
    /// The fingerprint of all that was consumed; has no peaks when the recording is silent or shorter than a window.
    /// Leaves the extractor as after reset().
    Fingerprint finish();

  private:
    Spectrogram spectrogram_;
    FaintNoise noise_;
    Contrast contrast_;
    PeakPicker peaks_;
    std::uint32_t frames_ = 0;
};

}  // namespace audio_ident::fingerprint
