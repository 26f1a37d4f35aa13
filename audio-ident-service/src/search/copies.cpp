#include "search/copies.hpp"

#include "search/ranking.hpp"

namespace audio_ident::search {
namespace {

constexpr float kBeyondChance = 9;  // z

}  // namespace

void judge_among_copies(std::vector<Evidence>& evidence) {
    std::vector<Judged> others;
    for (const Evidence& other : evidence)
        if (other.match.z < kBeyondChance) others.push_back(other.match);
    for (Evidence& found : evidence) {
        if (found.match.z < kBeyondChance) continue;
        found.features =
            features_of(found.match, others, double(found.features.clip_seconds), double(found.features.library_hours));
        found.confidence = confidence_of(found.features);
    }
}

}  // namespace audio_ident::search
