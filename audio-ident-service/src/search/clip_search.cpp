#include "search/clip_search.hpp"

#include <algorithm>

#include "search/refined.hpp"

namespace audio_ident::search {

namespace {

constexpr float kAsWell = 0.7F;  // another place fits as well when its z is at least this share of the match's z

}  // namespace

ClipSearch::ClipSearch(const index::FingerprintSnapshot& snapshot, std::span<const float> samples, std::size_t phases,
                       Executor& executor, std::size_t threads)
    : snapshot_(snapshot),
      executor_(executor),
      clip_(samples, phases),
      comparison_(snapshot, clip_),
      voters_(std::max<std::size_t>(1, threads)),
      library_hours_(double(snapshot.stats().frames) / fingerprint::kFramesPerSecond / 3600) {}

void ClipSearch::pass(std::span<const ClipPair> pairs, std::span<const fingerprint::Transform> transforms,
                      std::uint64_t postings, std::size_t candidates) {
    place(vote(pairs, transforms, postings, candidates));
}

std::vector<Hypothesis> ClipSearch::vote(std::span<const ClipPair> pairs,
                                         std::span<const fingerprint::Transform> transforms, std::uint64_t postings,
                                         std::size_t candidates) {
    std::vector<std::vector<Candidate>> found(transforms.size());
    executor_.for_each(transforms.size(), voters_.size(), [&](std::size_t i, std::size_t thread) {
        const auto lookups = lookups_of(snapshot_, pairs, transforms[i], postings);
        found[i] = voters_[thread].vote(snapshot_, lookups, candidates);
    });
    std::vector<Hypothesis> hypotheses;
    for (std::size_t i = 0; i < transforms.size(); ++i) {
        for (const Candidate& candidate : found[i]) hypotheses.push_back({candidate, transforms[i]});
    }
    return hypotheses;
}

std::vector<float> ClipSearch::place(std::span<const Hypothesis> hypotheses) {
    announce(hypotheses);
    std::vector<float> best;
    best.reserve(hypotheses.size());
    for (const Hypothesis& hypothesis : hypotheses) {
        float z = 0;
        for (const Placed& placed : search::place(comparison_, hypothesis.candidate, hypothesis.transform)) {
            ranking_.add(placed);
            z = std::max(z, placed.z);
        }
        best.push_back(z);
    }
    return best;
}

void ClipSearch::announce(std::span<const Hypothesis> hypotheses) const {
    if (!snapshot_.is_far()) return;
    std::vector<index::PeakRange> ranges;
    for (const Hypothesis& hypothesis : hypotheses)
        add_peaks_to_read(comparison_, hypothesis.candidate, hypothesis.transform, ranges);
    snapshot_.expect_peaks(ranges);
}

std::vector<Evidence> ClipSearch::conclude() const {
    const auto ranked = ranking_.best(comparison_);
    std::vector<Evidence> evidence;
    evidence.reserve(ranked.size());
    for (const Judged& match : ranked) {
        const MatchFeatures features = features_of(match, ranked, clip_.seconds(), library_hours_);
        evidence.push_back(
            {snapshot_.track_id(match.track.track), match, features, confidence_of(features), {}, false});
    }
    std::stable_sort(evidence.begin(), evidence.end(),
                     [](const Evidence& a, const Evidence& b) { return a.confidence > b.confidence; });
    return evidence;
}

void ClipSearch::complete(std::vector<Evidence>& evidence, const Claims& claims) const {
    std::vector<Judged> ranked;
    for (const Evidence& found : evidence) ranked.push_back(found.match);
    for (std::size_t i = 0; i < evidence.size() && evidence[i].confidence >= claims.min_confidence; ++i) {
        Evidence& found = evidence[i];
        if (const auto refined = refine_by_matched_part(comparison_, found.match)) {
            // All other figures still describe the whole clip.
            found.match.offset_frames = refined->offset_frames;
            found.match.transform = refined->transform;
        }
        for (std::size_t j = 0; j < i && !found.other_version; ++j)
            found.other_version = is_other_version(comparison_, found.match, evidence[j].match);
        if (!claims.other_places) continue;
        for (const Judged& place : ranking_.elsewhere(found.match, comparison_)) {
            const MatchFeatures features = features_of(place, ranked, clip_.seconds(), library_hours_);
            if (place.z >= kAsWell * found.match.z && confidence_of(features) >= claims.min_confidence)
                found.also_offsets.push_back(place.offset_seconds());
        }
    }
}

}  // namespace audio_ident::search
