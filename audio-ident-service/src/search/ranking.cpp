#include "search/ranking.hpp"

#include <algorithm>
#include <cmath>

#include "search/plays.hpp"
#include "search/refined.hpp"

namespace audio_ident::search {

namespace {

constexpr std::size_t kRefined = 5;  // the tracks with the highest z
constexpr std::size_t kJudged = 12;
constexpr std::size_t kPlaces = 24;      // for each track
constexpr double kSamePlaceFrames = 12;  // 0.2 s
constexpr float kAhead = 1.25F;          // a leader's z / the next one's

// A likely match may be at another tempo if it is not coherent, or fits about as well at offsets nearby.
constexpr float kLikely = 8;  // z
constexpr float kCoherent = 0.9F;
constexpr float kSharp = 0.3F;  // of z

constexpr std::size_t kOthers = 4;  // a match is compared with the next tracks
// What the next tracks reach by chance, in the median of clips from outside the library. Where there are fewer tracks,
// this takes their place, or the mean of those that are there, if that is more: that a library has nothing else does
// not speak for a match.
constexpr float kChanceZ = 4.7F;
constexpr float kChanceSharpness = 4.2F;
constexpr float kChanceVotes = 2.8F;
constexpr float kChanceExplained = 0.045F;
constexpr float kSameRatio = 0.004F;  // refinement moves the ratios of an untransformed match by less

float order_of(const Judged& match) {
    return match.sharpness + 0.3F * match.z;
}

bool is_transformed(const fingerprint::Transform& transform) {
    return std::abs(transform.time - 1) > kSameRatio || std::abs(transform.pitch - 1) > kSameRatio;
}

bool may_be_at_another_tempo(const Judged& match) {
    return match.z >= kLikely && (match.coherence < kCoherent || match.sharpness < kSharp * match.z);
}

bool by_z(const Placement& a, const Placement& b) {
    return a.z != b.z ? a.z > b.z : a.track.track < b.track.track;
}

bool same_place(const Placement& a, const Placement& b) {
    return std::abs(a.offset_frames - b.offset_frames) < kSamePlaceFrames;
}

const Placed& best_of(const std::vector<Placed>& places) {
    return *std::min_element(places.begin(), places.end(), by_z);
}

float mean_of_others(float sum, std::size_t others, float chance) {
    const auto there = static_cast<float>(others);
    const float missing = others == 0 ? chance : std::max(chance, sum / there);
    return (sum + (static_cast<float>(kOthers) - there) * missing) / static_cast<float>(kOthers);
}

}  // namespace

void Ranking::add(const Placed& placed) {
    auto& places = by_track_[placed.track.track];
    const auto same =
        std::find_if(places.begin(), places.end(), [&](const Placed& place) { return same_place(place, placed); });
    if (same != places.end()) {
        if (placed.z > same->z) *same = placed;
    } else if (places.size() < kPlaces) {
        places.push_back(placed);
    } else {
        const auto worst = std::max_element(places.begin(), places.end(), by_z);
        if (placed.z > worst->z) *worst = placed;
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

std::vector<Judged> Ranking::best(const Comparison& comparison) const {
    std::vector<Placed> placements;
    placements.reserve(by_track_.size());
    for (const auto& [track, places] : by_track_) placements.push_back(best_of(places));
    std::sort(placements.begin(), placements.end(), by_z);
    if (placements.size() > kJudged) placements.resize(kJudged);
    std::vector<Judged> matches;
    for (const Placed& placed : placements) {
        matches.push_back(matches.size() < kRefined ? judge(comparison, refine(comparison, placed))
                                                    : judge(comparison, placed));
    }
    std::sort(matches.begin(), matches.end(), [&](const Judged& a, const Judged& b) {
        return order_of(a) != order_of(b) ? order_of(a) > order_of(b) : by_z(a, b);
    });
    if (!matches.empty() && may_be_at_another_tempo(matches.front())) {
        if (const auto retimed = retime(comparison, matches.front())) matches.front() = judge(comparison, *retimed);
    }
    for (Judged& match : matches) count_plays(comparison, by_track_.at(match.track.track), match);
    return matches;
}

std::vector<Judged> Ranking::elsewhere(const Judged& match, const Comparison& comparison) const {
    std::vector<Judged> found;
    const auto track = by_track_.find(match.track.track);
    if (track == by_track_.end()) return found;
    for (const Placed& placed : track->second) {
        const Refined place = refine(comparison, placed);
        if (same_place(place, match) ||
            std::any_of(found.begin(), found.end(), [&](const Judged& other) { return same_place(place, other); }))
            continue;
        found.push_back(judge(comparison, place));
    }
    std::sort(found.begin(), found.end(), by_z);
    return found;
}

MatchFeatures features_of(const Judged& match, const std::vector<Judged>& ranked, double clip_seconds,
                          double library_hours) {
    MatchFeatures features;
    features.z = match.z * match.plays.evidence;
    features.sharpness = match.sharpness * match.plays.evidence;
    features.pitch_sharpness = match.pitch_sharpness * match.plays.evidence;
    features.votes = match.votes + match.plays.votes;
    features.hit_share = match.peaks == 0 ? 0.0F : static_cast<float>(match.hits) / static_cast<float>(match.peaks);
    features.coherence = match.coherence;
    features.balance = match.balance;
    features.explained = match.explained + match.plays.explained;
    features.clip_seconds = static_cast<float>(clip_seconds);
    features.library_hours = static_cast<float>(library_hours);
    features.transformed = is_transformed(match.transform);
    features.outdated = match.track.outdated;
    std::size_t others = 0;
    for (const Judged& other : ranked) {
        if (others == kOthers) break;
        if (other.track.track == match.track.track) continue;
        features.z_others += other.z;
        features.z_best_other = std::max(features.z_best_other, other.z);
        features.sharpness_others += other.sharpness;
        features.votes_others += other.votes;
        features.explained_others += other.explained;
        ++others;
    }
    if (others < kOthers) features.z_best_other = std::max(features.z_best_other, kChanceZ);
    features.z_others = mean_of_others(features.z_others, others, kChanceZ);
    features.sharpness_others = mean_of_others(features.sharpness_others, others, kChanceSharpness);
    features.votes_others = mean_of_others(features.votes_others, others, kChanceVotes);
    features.explained_others = mean_of_others(features.explained_others, others, kChanceExplained);
    return features;
}

}  // namespace audio_ident::search
