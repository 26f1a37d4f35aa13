#include "fingerprint/extractor.hpp"

namespace audio_ident::fingerprint {

void Extractor::reset() {
    spectrogram_.reset();
    noise_.reset();
    contrast_.reset();
    peaks_.reset();
    frames_ = 0;
}

void Extractor::consume(std::span<const float> samples) {
    const auto pick = [this](const ContrastRow& row) { peaks_.consume(row); };
    const auto compare = [&](const LogRow& row) { contrast_.consume(row, pick); };
    spectrogram_.consume(samples, [&](const PowerRow& row) {
        ++frames_;
        noise_.consume(row, compare);
    });
}

Fingerprint Extractor::finish() {
    const auto pick = [this](const ContrastRow& row) { peaks_.consume(row); };
    noise_.finish([&](const LogRow& row) { contrast_.consume(row, pick); });
    contrast_.finish(pick);
    Fingerprint result;
    result.frames = frames_;
    result.peaks = peaks_.finish();
    reset();
    return result;
}

}  // namespace audio_ident::fingerprint
