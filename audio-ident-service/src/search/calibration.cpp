#include "search/calibration.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <cmath>

#include "fingerprint/params.hpp"
#include "util/json.hpp"

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

Result<std::optional<Calibration>> read_calibration(catalog::DocumentStore& documents, const Deadline& deadline) {
    const auto text = documents.find(kCalibrationDocument, deadline);
    if (!text) return forward(text);
    if (!*text) return std::nullopt;
    try {
        const auto value = boost::json::parse(**text);
        Calibration calibration{value.at("slope").to_number<double>(), value.at("offset").to_number<double>(),
                                std::string(value.at("measured_at").as_string())};
        if (!std::isfinite(calibration.slope) || !std::isfinite(calibration.offset) || calibration.slope < kLeastSlope)
            return fail(ErrorKind::corrupt, "{}: the numbers are out of range; run `audio-ident doctor --calibrate`",
                        documents.location(kCalibrationDocument));
        // A calibration that was measured with other fingerprints says nothing about these.
        if (value.at("fingerprint_version").to_number<std::uint32_t>() != fingerprint::Params::kVersion)
            return std::nullopt;
        return calibration;
    } catch (const std::exception&) {
        return fail(ErrorKind::corrupt, "{} is damaged; run `audio-ident doctor --calibrate`",
                    documents.location(kCalibrationDocument));
    }
}

Result<void> write_calibration(catalog::DocumentStore& documents, const Calibration& calibration,
                               const Deadline& deadline) {
    const auto text = util::json_text({{"slope", calibration.slope},
                                       {"offset", calibration.offset},
                                       {"measured_at", calibration.measured_at},
                                       {"fingerprint_version", fingerprint::Params::kVersion}});
    return documents.put({kCalibrationDocument, text + '\n'}, catalog::Worth::unique, deadline);
}

}  // namespace audio_ident::search
