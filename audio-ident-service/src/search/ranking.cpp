#include "search/ranking.hpp"

#include <algorithm>
#include <cmath>

namespace audio_ident::search {

namespace {

constexpr std::size_t kRefined = 5;  // tracks, of those with the highest z
constexpr std::size_t kJudged = 12;
constexpr std::size_t kOthers = 4;    // that a match is compared with
constexpr float kSameRatio = 0.004F;  // refinement moves an untransformed match by less

float order_of(const Alignment& alignment) {
    return alignment.sharpness + 0.3F * alignment.z;
}

bool is_transformed(const fingerprint::Transform& transform) {
    return std::abs(transform.time - 1) > kSameRatio || std::abs(transform.pitch - 1) > kSameRatio;
}

}  // namespace

void Ranking::add(const Alignment& alignment) {
    const auto [at, added] = by_track_.try_emplace(alignment.track.track, alignment);
    if (!added && alignment.z > at->second.z) at->second = alignment;
}

std::vector<Alignment> Ranking::best(Verifier& verifier) const {
    std::vector<Alignment> alignments;
    alignments.reserve(by_track_.size());
    for (const auto& [track, alignment] : by_track_) alignments.push_back(alignment);
    const auto by_z = [](const Alignment& a, const Alignment& b) {
        return a.z != b.z ? a.z > b.z : a.track.track < b.track.track;
    };
    std::sort(alignments.begin(), alignments.end(), by_z);
    if (alignments.size() > kJudged) alignments.resize(kJudged);
    for (std::size_t i = 0; i < alignments.size(); ++i) {
        if (i < kRefined) verifier.refine(alignments[i]);
        verifier.judge(alignments[i]);
    }
    std::sort(alignments.begin(), alignments.end(), [&](const Alignment& a, const Alignment& b) {
        return order_of(a) != order_of(b) ? order_of(a) > order_of(b) : by_z(a, b);
    });
    return alignments;
}

MatchFeatures features_of(const std::vector<Alignment>& ranked, std::size_t place, double clip_seconds) {
    const Alignment& match = ranked[place];
    MatchFeatures features;
    features.z = match.z;
    features.sharpness = match.sharpness;
    features.votes = match.votes;
    features.hit_share = match.peaks == 0 ? 0.0F : static_cast<float>(match.hits) / static_cast<float>(match.peaks);
    features.coherence = match.coherence;
    features.clip_seconds = static_cast<float>(clip_seconds);
    features.transformed = is_transformed(match.transform);
    float others = 0;
    for (std::size_t i = 0; i < ranked.size() && i <= kOthers; ++i) {
        if (i == place || others == kOthers) continue;
        features.z_others += ranked[i].z;
        features.z_best_other = std::max(features.z_best_other, ranked[i].z);
        features.sharpness_others += ranked[i].sharpness;
        features.votes_others += ranked[i].votes;
        ++others;
    }
    if (others > 0) {
        features.z_others /= others;
        features.sharpness_others /= others;
        features.votes_others /= others;
    }
    return features;
}

}  // namespace audio_ident::search
