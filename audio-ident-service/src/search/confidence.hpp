#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace audio_ident::search {

/// The inputs of the decision: how good a match is by itself, and how far it stands out from the best matches of other
/// tracks.
struct MatchFeatures {
    float z = 0;                ///< Placement::z
    float sharpness = 0;        ///< Judged::sharpness
    float pitch_sharpness = 0;  ///< Judged::pitch_sharpness
    float votes = 0;            ///< Placement::votes
    float hit_share = 0;        ///< share of the track's peaks under the clip where the clip's map is clearly high
    float coherence = 0;        ///< Judged::coherence
    float balance = 0;          ///< Judged::balance
    float explained = 0;        ///< Judged::explained
    float z_others = 0;         ///< mean over the next four tracks, or what chance gives for those that are missing
    float z_best_other = 0;
    float sharpness_others = 0;
    float votes_others = 0;
    float explained_others = 0;
    float clip_seconds = 0;
    float library_hours = 0;   ///< hours of music in the index; a larger library has better chance matches
    bool transformed = false;  ///< found at another speed or pitch, with fewer votes among more places
    bool outdated = false;     ///< the track has a fingerprint of an earlier version, with fewer peaks
};

inline constexpr std::size_t kConfidenceInputs = 15;
/// The regression's inputs, by name and in order: logarithms of the features and of their ratios.
extern const std::array<std::string_view, kConfidenceInputs> kConfidenceInputNames;
std::array<double, kConfidenceInputs> confidence_inputs(const MatchFeatures& features);

/// The probability that a match with these features is right. A logistic regression with separate weights for
/// transformed matches. eval/train_confidence.py fitted it on degraded clips of tracks inside and outside a library
/// (docs/fingerprint.md).
double confidence_of(const MatchFeatures& features);

/// By default, matches with a lower confidence are not reported.
inline constexpr double kDefaultMinConfidence = 0.5;

}  // namespace audio_ident::search
