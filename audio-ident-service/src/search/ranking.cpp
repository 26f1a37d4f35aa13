#include "search/ranking.hpp"

#include <algorithm>
#include <cmath>

namespace audio_ident::search {

namespace {

constexpr std::size_t kRefined = 5;  // tracks, of those with the highest z
constexpr std::size_t kJudged = 12;
constexpr std::size_t kPlaces = 24;      // a track
constexpr double kSamePlaceFrames = 12;  // 0.2 s
constexpr float kAhead = 1.25F;          // a leader's z / the next one's

// A likely match that is less coherent, or fits about as well a little later, may be at another tempo.
constexpr float kLikely = 8;  // z
constexpr float kCoherent = 0.9F;
constexpr float kSharp = 0.3F;  // of z

constexpr std::size_t kOthers = 4;    // that a match is compared with
constexpr float kSameRatio = 0.004F;  // refinement moves an untransformed match by less

float order_of(const Alignment& alignment) {
    return alignment.sharpness + 0.3F * alignment.z;
}

bool is_transformed(const fingerprint::Transform& transform) {
    return std::abs(transform.time - 1) > kSameRatio || std::abs(transform.pitch - 1) > kSameRatio;
}

bool may_be_at_another_tempo(const Alignment& alignment) {
    return alignment.z >= kLikely && (alignment.coherence < kCoherent || alignment.sharpness < kSharp * alignment.z);
}

bool by_z(const Alignment& a, const Alignment& b) {
    return a.z != b.z ? a.z > b.z : a.track.track < b.track.track;
}

bool same_place(const Alignment& a, const Alignment& b) {
    return std::abs(a.offset_frames - b.offset_frames) < kSamePlaceFrames;
}

const Alignment& best_of(const std::vector<Alignment>& places) {
    return *std::min_element(places.begin(), places.end(), by_z);
}

}  // namespace

void Ranking::add(const Alignment& alignment) {
    auto& places = by_track_[alignment.track.track];
    const auto same = std::find_if(places.begin(), places.end(),
                                   [&](const Alignment& place) { return same_place(place, alignment); });
    if (same != places.end()) {
        if (alignment.z > same->z) *same = alignment;
    } else if (places.size() < kPlaces) {
        places.push_back(alignment);
    } else {
        const auto worst = std::max_element(places.begin(), places.end(), by_z);
        if (alignment.z > worst->z) *worst = alignment;
    }
}

bool Ranking::has_leader() const {
    float first = 0;
    float second = 0;
    for (const auto& [track, places] : by_track_) {
        const float z = best_of(places).z;
        second = std::max(second, std::min(first, z));
        first = std::max(first, z);
    }
    return first > kAhead * second;
}

std::vector<Alignment> Ranking::best(Verifier& verifier) const {
    std::vector<Alignment> alignments;
    alignments.reserve(by_track_.size());
    for (const auto& [track, places] : by_track_) alignments.push_back(best_of(places));
    std::sort(alignments.begin(), alignments.end(), by_z);
    if (alignments.size() > kJudged) alignments.resize(kJudged);
    for (std::size_t i = 0; i < alignments.size(); ++i) {
        if (i < kRefined) verifier.refine(alignments[i]);
        verifier.judge(alignments[i]);
    }
    std::sort(alignments.begin(), alignments.end(), [&](const Alignment& a, const Alignment& b) {
        return order_of(a) != order_of(b) ? order_of(a) > order_of(b) : by_z(a, b);
    });
    if (!alignments.empty() && may_be_at_another_tempo(alignments.front())) {
        Alignment& first = alignments.front();
        const float before = first.z;
        verifier.retime(first);
        if (first.z > before) verifier.judge(first);
    }
    return alignments;
}

std::vector<Alignment> Ranking::elsewhere(const Alignment& match, Verifier& verifier) const {
    std::vector<Alignment> found;
    const auto track = by_track_.find(match.track.track);
    if (track == by_track_.end()) return found;
    for (Alignment place : track->second) {
        verifier.refine(place);
        if (same_place(place, match) ||
            std::any_of(found.begin(), found.end(), [&](const Alignment& other) { return same_place(place, other); }))
            continue;
        verifier.judge(place);
        found.push_back(place);
    }
    std::sort(found.begin(), found.end(), by_z);
    return found;
}

MatchFeatures features_of(const Alignment& match, const std::vector<Alignment>& ranked, double clip_seconds,
                          double library_hours) {
    MatchFeatures features;
    features.z = match.z;
    features.sharpness = match.sharpness;
    features.pitch_sharpness = match.pitch_sharpness;
    features.votes = match.votes;
    features.hit_share = match.peaks == 0 ? 0.0F : static_cast<float>(match.hits) / static_cast<float>(match.peaks);
    features.coherence = match.coherence;
    features.balance = match.balance;
    features.explained = match.explained;
    features.clip_seconds = static_cast<float>(clip_seconds);
    features.library_hours = static_cast<float>(library_hours);
    features.transformed = is_transformed(match.transform);
    std::size_t others = 0;
    for (const Alignment& other : ranked) {
        if (others == kOthers) break;
        if (other.track.track == match.track.track) continue;
        features.z_others += other.z;
        features.z_best_other = std::max(features.z_best_other, other.z);
        features.sharpness_others += other.sharpness;
        features.votes_others += other.votes;
        features.explained_others += other.explained;
        ++others;
    }
    if (others > 0) {
        const auto count = static_cast<float>(others);
        features.z_others /= count;
        features.sharpness_others /= count;
        features.votes_others /= count;
        features.explained_others /= count;
    }
    return features;
}

}  // namespace audio_ident::search
