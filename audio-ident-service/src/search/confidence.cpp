#include "search/confidence.hpp"

#include <algorithm>
#include <cmath>

#include "search/confidence_weights.hpp"
#include "search/earlier_confidence_weights.hpp"

namespace audio_ident::search {

const std::array<std::string_view, kConfidenceInputs> kConfidenceInputNames{
    "log_z",       "log_sharpness", "log_pitch_sharpness", "log_votes",           "hit_share",
    "coherence",   "balance",       "log_z_ratio",         "log_z_ratio_to_best", "sharpness_ratio",
    "votes_ratio", "log_explained", "explained_ratio",     "log_seconds",         "log_hours"};

std::array<double, kConfidenceInputs> confidence_inputs(const MatchFeatures& f) {
    constexpr double kFloor = 2;  // at least what others reach by chance, or a tiny library made all matches sure
    constexpr double kLearntHours = 4000;  // the largest library among the training data
    constexpr double kChance = 0.02;       // share of the clip's peaks that lie on a peak of an arbitrary track
    const auto log_of = [](double x) { return std::log(std::max(x, 0.1)); };
    const auto log_ratio = [&](double own, double others) { return log_of(own) - log_of(std::max(others, kFloor)); };
    return {log_of(double(f.z)),
            log_of(double(f.sharpness)),
            log_of(double(f.pitch_sharpness)),
            std::log1p(std::max(0.0, double(f.votes))),
            double(f.hit_share),
            double(f.coherence),
            double(f.balance),
            log_ratio(double(f.z), double(f.z_others)),
            log_ratio(double(f.z), double(f.z_best_other)),
            log_ratio(double(f.sharpness), double(f.sharpness_others)),
            std::log((std::max(0.0, double(f.votes)) + 2) / (std::max(0.0, double(f.votes_others)) + 2)),
            std::log(double(f.explained) + kChance),
            std::log((double(f.explained) + kChance) / (double(f.explained_others) + kChance)),
            log_of(double(f.clip_seconds)),
            std::log1p(std::min(double(f.library_hours), kLearntHours))};
}

double confidence_of(const MatchFeatures& features) {
    const auto& plain = features.outdated ? kEarlierPlainWeights : kPlainWeights;
    const auto& transformed = features.outdated ? kEarlierTransformedWeights : kTransformedWeights;
    const auto& weights = features.transformed ? transformed : plain;
    const auto inputs = confidence_inputs(features);
    double logit = weights[kConfidenceInputs];
    for (std::size_t i = 0; i < inputs.size(); ++i) logit += weights[i] * inputs[i];
    return 1 / (1 + std::exp(-std::clamp(logit, -30.0, 30.0)));
}

}  // namespace audio_ident::search
