#include "search/plays.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "search/refined.hpp"

namespace audio_ident::search {

namespace {

// z² that the best of the places left over has by chance. What a further play has beyond it is evidence, but for the
// half of it: where a stranger's sound resembles the track by chance, it does so each time that it is heard.
constexpr float kChance = 13;
constexpr float kNew = 0.5F;
constexpr float kSameRatio = 0.01F;
constexpr double kMostOverlap = 0.2;  // of the shorter play

/// The part of the clip where a track is heard, in frames from the clip's first.
struct Stretch {
    double begin = 0;
    double end = 0;

    double length() const { return end - begin; }
};

Stretch stretch_of(const Comparison& comparison, const Placement& place) {
    const double clip = comparison.rows() / comparison.rows_per_frame();
    const auto time = double(place.transform.time);
    return {std::clamp(-place.offset_frames / time, 0.0, clip),
            std::clamp((double(place.track.frames) - place.offset_frames) / time, 0.0, clip)};
}

bool overlap(const Stretch& a, const Stretch& b) {
    return std::min(a.end, b.end) - std::max(a.begin, b.begin) > kMostOverlap * std::min(a.length(), b.length());
}

bool same_ratios(const fingerprint::Transform& a, const fingerprint::Transform& b) {
    return std::abs(a.time - b.time) < kSameRatio && std::abs(a.pitch - b.pitch) < kSameRatio;
}

}  // namespace

void count_plays(const Comparison& comparison, std::span<const Placed> places, Judged& match) {
    std::vector<Stretch> heard{stretch_of(comparison, match)};
    if (heard.front().length() > 0.5 * comparison.rows() / comparison.rows_per_frame()) return;
    std::vector<Placed> best(places.begin(), places.end());
    std::sort(best.begin(), best.end(), [](const Placed& a, const Placed& b) {
        return a.z != b.z ? a.z > b.z : a.offset_frames < b.offset_frames;
    });
    float squares = match.z * match.z;
    for (const Placed& place : best) {
        if (place.z * place.z <= kChance) break;
        const Stretch stretch = stretch_of(comparison, place);
        if (!same_ratios(place.transform, match.transform) ||
            std::any_of(heard.begin(), heard.end(), [&](const Stretch& other) { return overlap(stretch, other); }))
            continue;
        heard.push_back(stretch);
        const Judged play = judge(comparison, refine(comparison, place));
        squares += kNew * std::max(0.0F, play.z * play.z - kChance);
        match.plays.votes += play.votes;
        match.plays.explained += play.explained;
    }
    match.plays.evidence = std::sqrt(squares) / std::max(match.z, 1.0F);
}

}  // namespace audio_ident::search
