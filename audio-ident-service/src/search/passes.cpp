#include "search/passes.hpp"

#include <algorithm>

#include "search/transforms.hpp"

namespace audio_ident::search {

namespace {

using fingerprint::Clip;
using fingerprint::Transform;

constexpr Transform kAsRecorded[] = {{}};

constexpr std::size_t kQuickFanOut = 5;
constexpr std::size_t kQuickPairsPerSecond = 200;
constexpr std::size_t kTransformedFanOut = 3;
constexpr std::size_t kTransformedPairsPerSecond = 250;

// Candidates that are verified, for some 8 µs each. A larger library has more places that get votes by chance.
constexpr double kLargeHours = 100;
constexpr std::size_t kQuickCandidates = 30;
constexpr std::size_t kThoroughCandidates = 200;
constexpr std::size_t kThoroughCandidatesOfLarge = 1000;
constexpr std::size_t kTransformedCandidates = 10;  // for each transform
constexpr std::size_t kTransformedCandidatesOfLarge = 15;
constexpr std::size_t kTransformsBetweenLooks = 24;

// Postings that a pass may read, for some 10 ns each. A true place needs a dozen votes; chance seldom gives four.
constexpr std::uint64_t kQuickPostings = 500'000;
constexpr std::uint64_t kThoroughPostings = 5'000'000;
// A transform may read kTransformedPostings or the postings of kTransformedLookups look-ups, whichever is more; so few
// look-ups are enough for a clean clip. When all transforms together have read kAllTransformedPostings, the remaining,
// less likely ones are not tried.
constexpr std::uint64_t kTransformedPostings = 120'000;
constexpr std::uint64_t kTransformedLookups = 9;
constexpr std::uint64_t kAllTransformedPostings = 12'000'000;

bool is_large(const ClipSearch& search) {
    return search.library_hours() > kLargeHours;
}

// The pairs of the clip's first phase that are most likely landmarks of the recording.
std::vector<ClipPair> some_pairs(const Clip& clip, std::size_t fan_out, std::size_t pairs_per_second) {
    auto pairs = clip_pairs(clip, fan_out, 1);
    pairs.resize(std::min(pairs.size(), static_cast<std::size_t>(clip.seconds() * double(pairs_per_second))));
    return pairs;
}

// Transforms that the search can afford, and the postings that each may read.
struct Budget {
    std::uint64_t postings = 0;
    std::size_t transforms = 0;
};

Budget transformed_budget(const ClipSearch& search, std::size_t pairs, std::size_t transforms) {
    const std::uint64_t a_lookup = expected_postings(search.snapshot());
    const std::uint64_t postings = std::max(kTransformedPostings, kTransformedLookups * a_lookup);
    const std::uint64_t each = std::max<std::uint64_t>(1, std::min(postings, pairs * a_lookup));
    return {postings, std::min<std::uint64_t>(transforms, kAllTransformedPostings / each)};
}

using Votes = std::vector<std::vector<Hypothesis>>;

// The votes under all transforms before any is placed, so that a snapshot that is far reads what all of them need at
// once. They are placed in the same order as without that, so that the answer is the same.
template <typename Vote>
Votes all_votes(const ClipSearch& search, std::size_t transforms, const Vote& vote, const Deadline& deadline) {
    Votes votes;
    std::vector<Hypothesis> all;
    for (std::size_t begin = 0; begin < transforms && !deadline.expired(); begin += kTransformsBetweenLooks) {
        votes.push_back(vote(begin));
        all.insert(all.end(), votes.back().begin(), votes.back().end());
    }
    search.announce(all);
    return votes;
}

}  // namespace

bool at_least(const std::vector<Evidence>& evidence, double confidence) {
    return !evidence.empty() && evidence.front().confidence >= confidence;
}

std::vector<Evidence> quick_pass(ClipSearch& search) {
    search.pass(some_pairs(search.clip(), kQuickFanOut, kQuickPairsPerSecond), kAsRecorded, kQuickPostings,
                kQuickCandidates);
    return search.conclude();
}

std::size_t thorough_candidates(const ClipSearch& search) {
    return is_large(search) ? kThoroughCandidatesOfLarge : kThoroughCandidates;
}

std::vector<Evidence> thorough_pass(ClipSearch& search) {
    search.pass(clip_pairs(search.clip(), fingerprint::kQueryFanOut, Clip::kMaxPhases), kAsRecorded, kThoroughPostings,
                thorough_candidates(search));
    return search.conclude();
}

TransformedPlan transformed_plan(const ClipSearch& search) {
    TransformedPlan plan{.pairs = some_pairs(search.clip(), kTransformedFanOut, kTransformedPairsPerSecond),
                         .transforms = likely_transforms(search.clip())};
    const Budget budget = transformed_budget(search, plan.pairs.size(), plan.transforms.size());
    plan.transforms.resize(budget.transforms);
    plan.postings = budget.postings;
    plan.candidates = is_large(search) ? kTransformedCandidatesOfLarge : kTransformedCandidates;
    return plan;
}

std::vector<Evidence> transformed_passes(ClipSearch& search, const Deadline& deadline) {
    const auto plan = transformed_plan(search);
    const std::span transforms(plan.transforms);
    const auto vote = [&](std::size_t begin) {
        const std::size_t count = std::min(kTransformsBetweenLooks, transforms.size() - begin);
        return search.vote(plan.pairs, transforms.subspan(begin, count), plan.postings, plan.candidates);
    };
    const auto ahead = search.snapshot().is_far() ? all_votes(search, transforms.size(), vote, deadline) : Votes();
    for (std::size_t begin = 0; begin < transforms.size() && !deadline.expired(); begin += kTransformsBetweenLooks) {
        const std::size_t number = begin / kTransformsBetweenLooks;
        search.place(number < ahead.size() ? ahead[number] : vote(begin));
        if (!search.has_leader()) continue;
        auto evidence = search.conclude();
        if (at_least(evidence, kSureAfterThoroughPass)) return evidence;
    }
    return search.conclude();
}

}  // namespace audio_ident::search
