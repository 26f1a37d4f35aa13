#include "live/recogniser.hpp"

#include <algorithm>

#include "search/passes.hpp"

namespace audio_ident::live {

namespace {

using fingerprint::Clip;
using search::ClipSearch;

constexpr std::size_t kMostThreads = 4;             // of a look: more gain little
constexpr std::uint64_t kMostPostings = 3'000'000;  // of a look as recorded, for some 10 ns each
constexpr fingerprint::Transform kAsRecorded[] = {{}};

double frames_of(const Clip& clip) {
    return clip.seconds() * fingerprint::kFramesPerSecond;
}

/// The pairs that earlier looks have not looked up.
std::vector<search::ClipPair> new_pairs(std::vector<search::ClipPair> pairs, double searched) {
    std::erase_if(pairs, [&](const search::ClipPair& pair) { return double(pair.second.frame) < searched; });
    return pairs;
}

void place(ClipSearch& search, Hypotheses& hypotheses) {
    hypotheses.keep_best(search.place(hypotheses.all()));
}

}  // namespace

std::vector<search::Evidence> Recogniser::look(const index::FingerprintSnapshot& snapshot,
                                               std::span<const float> window, Speeds speeds) {
    ClipSearch search(snapshot, window, Clip::kMaxPhases, executor_, std::min(executor_.width(), kMostThreads));
    look_up_as_recorded(search);
    place(search, hypotheses_);
    place(search, transformed_);
    auto found = search.conclude();
    if (speeds == Speeds::as_recorded || search::at_least(found, search::kSureAfterThoroughPass)) return found;
    look_up_transformed(search);
    return search.conclude();
}

void Recogniser::look_up_as_recorded(ClipSearch& search) {
    const auto pairs = new_pairs(search::clip_pairs(search.clip(), fingerprint::kQueryFanOut, Clip::kMaxPhases),
                                 searched_.as_recorded);
    searched_.as_recorded = frames_of(search.clip());
    hypotheses_.add(search.vote(pairs, kAsRecorded, kMostPostings, search::thorough_candidates(search)),
                    searched_.as_recorded);
}

void Recogniser::look_up_transformed(ClipSearch& search) {
    auto plan = search::transformed_plan(search);
    plan.pairs = new_pairs(std::move(plan.pairs), searched_.transformed);
    searched_.transformed = frames_of(search.clip());
    transformed_.add(search.vote(plan.pairs, plan.transforms, plan.postings, plan.candidates), searched_.transformed);
    place(search, transformed_);
}

void Recogniser::slide(std::size_t samples) {
    const double frames = double(samples) / double(fingerprint::kHopSamples);
    hypotheses_.slide(frames);
    transformed_.slide(frames);
    searched_.as_recorded = std::max(0.0, searched_.as_recorded - frames);
    searched_.transformed = std::max(0.0, searched_.transformed - frames);
}

void Recogniser::clear() {
    hypotheses_.clear();
    transformed_.clear();
    searched_ = {};
}

}  // namespace audio_ident::live
