#include "search/calibration.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <cmath>
#include <fstream>
#include <iterator>

#include "fingerprint/params.hpp"
#include "util/json_file.hpp"

namespace audio_ident::search {

namespace {

constexpr double kLeastSlope = 0.2;

double logit(double p) {
    const double inside = std::clamp(p, 1e-9, 1 - 1e-9);
    return std::log(inside / (1 - inside));
}

double sigmoid(double x) {
    return 1 / (1 + std::exp(-std::clamp(x, -30.0, 30.0)));
}

}  // namespace

double Calibration::apply(double confidence) const {
    if (slope == 1 && offset == 0) return confidence;
    return sigmoid(slope * logit(confidence) + offset);
}

double Calibration::invert(double probability) const {
    if ((slope == 1 && offset == 0) || probability <= 0 || probability >= 1) return probability;
    return sigmoid((logit(probability) - offset) / slope);
}

Calibration fit_calibration(std::span<const Outcome> outcomes) {
    constexpr double kPrior = 10;  // forty outcomes at even odds have this curvature
    Calibration fitted;
    for (int round = 0; round < 50; ++round) {
        double slope_gradient = kPrior * (fitted.slope - 1);
        double offset_gradient = kPrior * fitted.offset;
        double slope_slope = kPrior;
        double slope_offset = 0;
        double offset_offset = kPrior;
        for (const Outcome& outcome : outcomes) {
            const double x = logit(outcome.confidence);
            const double p = sigmoid(fitted.slope * x + fitted.offset);
            const double error = p - (outcome.right ? 1 : 0);
            const double weight = p * (1 - p);
            slope_gradient += error * x;
            offset_gradient += error;
            slope_slope += weight * x * x;
            slope_offset += weight * x;
            offset_offset += weight;
        }
        const double determinant = slope_slope * offset_offset - slope_offset * slope_offset;
        const double slope_step = (offset_offset * slope_gradient - slope_offset * offset_gradient) / determinant;
        const double offset_step = (slope_slope * offset_gradient - slope_offset * slope_gradient) / determinant;
        fitted.slope = std::max(kLeastSlope, fitted.slope - slope_step);
        fitted.offset -= offset_step;
        if (std::abs(slope_step) + std::abs(offset_step) < 1e-9) break;
    }
    return fitted;
}

double calibration_error(std::span<const Outcome> outcomes, const Calibration& calibration) {
    constexpr std::size_t kBins = 15;
    struct Bin {
        double confidence = 0;
        double right = 0;
    };
    std::array<Bin, kBins> bins;
    for (const Outcome& outcome : outcomes) {
        const double confidence = calibration.apply(outcome.confidence);
        Bin& bin = bins[std::min(static_cast<std::size_t>(confidence * double(kBins)), kBins - 1)];
        bin.confidence += confidence;
        bin.right += outcome.right ? 1 : 0;
    }
    double error = 0;
    for (const Bin& bin : bins) error += std::abs(bin.confidence - bin.right);
    return outcomes.empty() ? 0 : error / double(outcomes.size());
}

Result<std::optional<Calibration>> read_calibration(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return std::nullopt;
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    try {
        const auto value = boost::json::parse(text);
        Calibration calibration{value.at("slope").to_number<double>(), value.at("offset").to_number<double>(),
                                std::string(value.at("measured_at").as_string())};
        if (!std::isfinite(calibration.slope) || !std::isfinite(calibration.offset) || calibration.slope < kLeastSlope)
            return fail(ErrorKind::corrupt, "{}: the numbers make no sense", file.string());
        // Measured with other fingerprints, it says nothing about these.
        if (value.at("fingerprint_version").to_number<std::uint32_t>() != fingerprint::Params::kVersion)
            return std::nullopt;
        return calibration;
    } catch (const std::exception&) {
        return fail(ErrorKind::corrupt, "{} is damaged; run `audio-ident doctor --calibrate`", file.string());
    }
}

Result<void> write_calibration(const std::filesystem::path& file, const Calibration& calibration) {
    return util::write_json_file(file, {{"slope", calibration.slope},
                                        {"offset", calibration.offset},
                                        {"measured_at", calibration.measured_at},
                                        {"fingerprint_version", fingerprint::Params::kVersion}});
}

}  // namespace audio_ident::search
