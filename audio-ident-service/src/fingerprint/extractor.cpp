#include "fingerprint/extractor.hpp"

namespace audio_ident::fingerprint {

void Extractor::reset() {
    spectrogram_.reset();
    contrast_.reset();
    peaks_.reset();
    frames_ = 0;
}

void Extractor::consume(std::span<const float> samples) {
    spectrogram_.consume(samples, [this](const LogRow& row) {
        ++frames_;
        contrast_.consume(row, [this](const ContrastRow& contrast) { peaks_.consume(contrast); });
    });
}

Fingerprint Extractor::finish() {
    contrast_.finish([this](const ContrastRow& contrast) { peaks_.consume(contrast); });
    Fingerprint result;
    result.frames = frames_;
    result.peaks = peaks_.finish();
    reset();
    return result;
}

}  // namespace audio_ident::fingerprint
