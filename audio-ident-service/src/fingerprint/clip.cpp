#include "fingerprint/clip.hpp"

#include <algorithm>
#include <cmath>

#include "fingerprint/contrast.hpp"
#include "fingerprint/peak_picker.hpp"
#include "fingerprint/spectrogram.hpp"

namespace audio_ident::fingerprint {

namespace {

constexpr float kClipLevel =
    0.1F;  // RMS that a clip is brought to, so that a quiet one does not sink into the log's floor
constexpr float kMapLimit = 2.5F;

std::vector<float> normalised(std::span<const float> samples) {
    double power = 0;
    for (const float x : samples) power += std::isfinite(x) ? double(x) * double(x) : 0.0;
    const double rms = samples.empty() ? 0.0 : std::sqrt(power / double(samples.size()));
    const float gain = rms > 1e-6 ? static_cast<float>(kClipLevel / rms) : 1.0F;
    std::vector<float> result(samples.size());
    std::transform(samples.begin(), samples.end(), result.begin(), [gain](float x) { return x * gain; });
    return result;
}

// Where the maximum of a parabola through three values lies, in [-0.5, 0.5] from the middle one.
float vertex(float before, float middle, float after) {
    const float bend = before - 2 * middle + after;
    return bend < -1e-6F ? std::clamp(0.5F * (before - after) / bend, -0.5F, 0.5F) : 0.0F;
}

}  // namespace

Clip::Clip(std::span<const float> samples, std::size_t phases)
    : seconds_(double(samples.size()) / kSampleRateHz), phases_(phases) {
    const std::vector<float> level = normalised(samples);
    std::array<std::vector<ContrastRow>, kMaxPhases> contrast;
    for (std::size_t phase = 0; phase < phases_; ++phase) {
        Spectrogram spectrogram;
        Contrast local;
        PeakPicker picker(kQueryPeaksPerBucket);
        const auto take = [&](const ContrastRow& row) {
            contrast[phase].push_back(row);
            picker.consume(row);
        };
        const std::size_t skip = std::min(phase * kHopSamples / phases_, level.size());
        spectrogram.consume(std::span(level).subspan(skip),
                            [&](const PowerRow& row) { local.consume(log_of(row), take); });
        local.finish(take);
        for (const Peak& peak : picker.finish()) {
            const auto& rows = contrast[phase];
            const ContrastRow& row = rows[peak.frame];
            const std::size_t k = peak.bin;
            ClipPeak found{static_cast<float>(peak.frame), static_cast<float>(k), row[k]};
            if (k > 0 && k + 1 < kBins) found.bin += vertex(row[k - 1], row[k], row[k + 1]);
            if (peak.frame > 0 && peak.frame + 1 < rows.size()) {
                found.frame += vertex(rows[peak.frame - 1][k], row[k], rows[peak.frame + 1][k]);
            }
            found.frame += static_cast<float>(phase) / static_cast<float>(phases_);
            peaks_[phase].push_back(found);
        }
    }

    for (const auto& rows : contrast) rows_ += rows.size();
    std::array<float, kBins> means{};
    for (const auto& rows : contrast) {
        for (const ContrastRow& row : rows) {
            for (std::size_t k = 0; k < kBins; ++k) means[k] += std::clamp(row[k], -kMapLimit, kMapLimit);
        }
    }
    for (float& mean : means) mean /= static_cast<float>(std::max<std::size_t>(rows_, 1));
    map_.resize(kBins * rows_ + kOverrun);
    double squares = 0;
    for (std::size_t phase = 0; phase < phases_; ++phase) {
        for (std::size_t i = 0; i < contrast[phase].size(); ++i) {
            std::int8_t* out = map_.data() + i * phases_ + phase;
            std::int64_t of_row = 0;
            for (std::size_t k = 0; k < kBins; ++k) {
                const float value = std::clamp(contrast[phase][i][k], -kMapLimit, kMapLimit) - means[k];
                const int step = static_cast<int>(std::clamp(std::nearbyint(value * kMapScale), -127.0F, 127.0F));
                out[k * rows_] = static_cast<std::int8_t>(step);
                of_row += step * step;
            }
            squares += double(of_row);
        }
    }
    if (rows_ > 0) map_deviation_ = std::max(1.0F, static_cast<float>(std::sqrt(squares / double(rows_ * kBins))));
}

}  // namespace audio_ident::fingerprint
