#include "search/calibration.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <cmath>
#include <fstream>
#include <iterator>

#include "fingerprint/params.hpp"
#include "util/json_file.hpp"

namespace audio_ident::search {

double logit(double probability) {
    const double inside = std::clamp(probability, 1e-9, 1 - 1e-9);
    return std::log(inside / (1 - inside));
}

double sigmoid(double logit) {
    return 1 / (1 + std::exp(-std::clamp(logit, -30.0, 30.0)));
}

double Calibration::apply(double confidence) const {
    if (slope == 1 && offset == 0) return confidence;
    return sigmoid(slope * logit(confidence) + offset);
}

double Calibration::invert(double probability) const {
    if ((slope == 1 && offset == 0) || probability <= 0 || probability >= 1) return probability;
    return sigmoid((logit(probability) - offset) / slope);
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
            return fail(ErrorKind::corrupt, "{}: the numbers are out of range; run `audio-ident doctor --calibrate`",
                        file.string());
        // A calibration that was measured with other fingerprints says nothing about these.
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
