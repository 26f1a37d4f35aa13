#pragma once

#include <array>
#include <cstddef>

namespace audio_ident::search {

/// What the decision looks at: how the best alignment of a track stands out by itself and against other tracks.
struct MatchFeatures {
    float z = 0;             ///< of the alignment
    float z_others = 0;      ///< mean of the next four tracks' z
    float votes = 0;         ///< landmarks that agree
    float votes_others = 0;  ///< mean of the next four tracks' votes
    float hit_share = 0;     ///< share of the track's peaks under the clip where the clip is clearly high
    float coherence = 0;     ///< Alignment::coherence
    float clip_seconds = 0;
    bool transformed = false;  ///< found at another speed or pitch: more tries, so more luck
};

/// The probability that a match with these features is right: logistic regression, weights fitted by
/// eval/train_confidence.py on degraded clips of tracks inside and outside a library (docs/evaluation.md).
double confidence_of(const MatchFeatures& features);

/// Matches below are not claimed. Chosen on the training clips for at most 0.5 % false alarms.
inline constexpr double kDefaultMinConfidence = 0.5;

}  // namespace audio_ident::search
