#include "search/exact_lane.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <functional>
#include <future>
#include <thread>

#include "fingerprint/clip.hpp"
#include "search/lookups.hpp"
#include "search/ranking.hpp"
#include "search/refined.hpp"
#include "search/transforms.hpp"
#include "search/voting.hpp"

namespace audio_ident::search {

namespace {

using fingerprint::Clip;
using fingerprint::Transform;

constexpr float kAsWell = 0.7F;  // of the match's z: another place in the track that fits as well
constexpr double kSure = 0.95;   // ends the search after a pass

// The quick pass is for clips that need no more: it has to be very sure.
constexpr double kQuicklySure = 0.995;
constexpr std::size_t kQuickFanOut = 5;
constexpr std::size_t kQuickPairsPerSecond = 200;
constexpr std::size_t kQuickCandidates = 30;
constexpr std::size_t kTransformedFanOut = 3;  // of one phase
constexpr std::size_t kTransformedPairsPerSecond = 250;

// Candidates that are verified, some 8 µs each: among more music more places get votes by chance.
constexpr double kLargeHours = 100;
constexpr std::size_t kPlainCandidates = 200;
constexpr std::size_t kPlainCandidatesOfLarge = 1000;
constexpr std::size_t kTransformsBetweenLooks = 24;
constexpr std::size_t kTransformedCandidates = 10;  // a transform
constexpr std::size_t kTransformedCandidatesOfLarge = 15;

// Postings that a pass may read, some 10 ns each. A true place needs a dozen votes, chance seldom gives four to any.
constexpr std::uint64_t kQuickPostings = 500'000;
constexpr std::uint64_t kPlainPostings = 5'000'000;
// A transform may read so many, or what its least number of look-ups finds, of which some hit a clean clip's recording. When all
// is read, the other transforms, less likely ones, go untried.
constexpr std::uint64_t kTransformedPostings = 120'000;
constexpr std::uint64_t kTransformedLookups = 9;
constexpr std::uint64_t kAllTransformedPostings = 12'000'000;

constexpr unsigned kMostThreads = 4;

/// One analysis of the clip, and what has been found with it.
class Hearing {
  public:
    Hearing(const index::FingerprintSnapshot& snapshot, std::span<const float> samples, std::size_t phases,
            std::size_t threads)
        : snapshot_(snapshot),
          clip_(samples, phases),
          comparison_(snapshot, clip_),
          voters_(threads),
          library_hours_(double(snapshot.stats().frames) / fingerprint::kFramesPerSecond / 3600) {}

    const Clip& clip() const { return clip_; }
    bool is_large() const { return library_hours_ > kLargeHours; }
    std::uint64_t expected_postings(std::size_t lookups) const {
        return lookups * search::expected_postings(snapshot_);
    }
    std::uint64_t transformed_postings() const {
        return std::max(kTransformedPostings, expected_postings(kTransformedLookups));
    }
    bool has_leader() const { return ranking_.has_leader(); }

    /// Looks the pairs up under each of these transforms, for so many postings and candidates each.
    void pass(std::span<const ClipPair> pairs, std::span<const Transform> transforms, std::uint64_t postings,
              std::size_t most) {
        std::vector<std::vector<Candidate>> candidates(transforms.size());
        std::atomic<std::size_t> next = 0;
        const auto vote = [&](Voter& voter) {
            for (std::size_t i = next++; i < transforms.size(); i = next++) {
                const auto lookups = lookups_of(snapshot_, pairs, transforms[i], postings);
                candidates[i] = voter.vote(snapshot_, lookups, most);
            }
        };
        // Where no thread is to be had, this one does it all.
        std::vector<std::future<void>> others;
        for (std::size_t i = 1; i < std::min(voters_.size(), transforms.size()); ++i)
            others.push_back(std::async(vote, std::ref(voters_[i])));
        vote(voters_.front());
        for (auto& other : others) other.get();
        for (std::size_t i = 0; i < transforms.size(); ++i) {
            for (const Candidate& candidate : candidates[i]) {
                for (const Placed& placed : place(comparison_, candidate, transforms[i])) ranking_.add(placed);
            }
        }
    }

    /// The best tracks so far, best first.
    std::vector<Evidence> conclude() {
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

    /// Adds what only the claimed matches need.
    void complete(std::vector<Evidence>& evidence, const ExactOptions& options) {
        std::vector<Judged> ranked;
        for (const Evidence& found : evidence) ranked.push_back(found.match);
        for (std::size_t i = 0; i < evidence.size() && evidence[i].confidence >= options.min_confidence; ++i) {
            Evidence& found = evidence[i];
            if (const auto refined = refine_by_matched_part(comparison_, found.match)) {
                // The other figures stay those of the whole clip.
                found.match.offset_frames = refined->offset_frames;
                found.match.transform = refined->transform;
            }
            for (std::size_t j = 0; j < i && !found.other_version; ++j) {
                found.other_version = is_other_version(comparison_, found.match, evidence[j].match);
            }
            if (!options.all) continue;
            for (const Judged& place : ranking_.elsewhere(found.match, comparison_)) {
                const MatchFeatures features = features_of(place, ranked, clip_.seconds(), library_hours_);
                if (place.z >= kAsWell * found.match.z && confidence_of(features) >= options.min_confidence)
                    found.also_offsets.push_back(place.offset_seconds());
            }
        }
    }

  private:
    const index::FingerprintSnapshot& snapshot_;
    Clip clip_;
    Comparison comparison_;
    std::vector<Voter> voters_;  // one a thread
    Ranking ranking_;
    double library_hours_;
};

bool at_least(const std::vector<Evidence>& evidence, double confidence) {
    return !evidence.empty() && evidence.front().confidence >= confidence;
}

// The pairs of the clip's first phase that are the most likely to be the recording's.
std::vector<ClipPair> some_pairs(const Clip& clip, std::size_t fan_out, std::size_t pairs_per_second) {
    auto pairs = clip_pairs(clip, fan_out, 1);
    pairs.resize(std::min(pairs.size(), static_cast<std::size_t>(clip.seconds() * double(pairs_per_second))));
    return pairs;
}

constexpr Transform kAsRecorded[] = {{}};

std::vector<Evidence> listen_quickly(Hearing& hearing) {
    hearing.pass(some_pairs(hearing.clip(), kQuickFanOut, kQuickPairsPerSecond), kAsRecorded, kQuickPostings,
                 kQuickCandidates);
    return hearing.conclude();
}

std::vector<Evidence> listen_closely(Hearing& hearing, const Deadline& deadline) {
    hearing.pass(clip_pairs(hearing.clip(), fingerprint::kQueryFanOut, Clip::kMaxPhases), kAsRecorded, kPlainPostings,
                 hearing.is_large() ? kPlainCandidatesOfLarge : kPlainCandidates);
    auto evidence = hearing.conclude();
    if (at_least(evidence, kSure)) return evidence;
    const auto pairs = some_pairs(hearing.clip(), kTransformedFanOut, kTransformedPairsPerSecond);
    const std::size_t candidates = hearing.is_large() ? kTransformedCandidatesOfLarge : kTransformedCandidates;
    const std::uint64_t postings = hearing.transformed_postings();
    const auto transforms = likely_transforms(hearing.clip());
    const std::uint64_t each = std::max<std::uint64_t>(1, std::min(postings, hearing.expected_postings(pairs.size())));
    const std::size_t affordable = std::min<std::uint64_t>(transforms.size(), kAllTransformedPostings / each);
    for (std::size_t begin = 0; begin < affordable && !deadline.expired(); begin += kTransformsBetweenLooks) {
        const std::size_t count = std::min(kTransformsBetweenLooks, affordable - begin);
        hearing.pass(pairs, std::span(transforms).subspan(begin, count), postings, candidates);
        if (!hearing.has_leader()) continue;
        evidence = hearing.conclude();
        if (at_least(evidence, kSure)) return evidence;
    }
    return hearing.conclude();
}

}  // namespace

Result<std::vector<Evidence>> ExactLane::examine(std::span<const float> samples, const ExactOptions& options) const {
    if (double(samples.size()) < kShortestClipSeconds * fingerprint::kSampleRateHz) {
        return Unexpected(Error{ErrorKind::invalid_input,
                                fmt::format("the clip has {:.2f} s of audio; at least {} s are needed",
                                            double(samples.size()) / fingerprint::kSampleRateHz, kShortestClipSeconds),
                                Reason::audio_too_short});
    }
    const Deadline& deadline = options.deadline;
    auto opened = reader_.snapshot(deadline);
    if (!opened) return forward(opened);
    try {
        const std::size_t cores = std::clamp(std::thread::hardware_concurrency(), 1U, kMostThreads);
        const std::size_t threads = options.threads > 0 ? options.threads : cores;
        Hearing quick(**opened, samples, 1, 1);
        auto evidence = listen_quickly(quick);
        if (at_least(evidence, kQuicklySure) || (deadline.expired() && at_least(evidence, options.min_confidence))) {
            quick.complete(evidence, options);
            return evidence;
        }
        if (deadline.expired()) return fail(ErrorKind::timeout, "the exact search ran out of time");
        Hearing close(**opened, samples, Clip::kMaxPhases, threads);
        evidence = listen_closely(close, deadline);
        if (deadline.expired() && !at_least(evidence, options.min_confidence))
            return fail(ErrorKind::timeout, "the exact search ran out of time");
        close.complete(evidence, options);
        return evidence;
    } catch (const std::bad_alloc&) {
        return fail(ErrorKind::internal, "the exact search ran out of memory");
    } catch (const std::exception& error) {
        return fail(ErrorKind::corrupt, "fingerprint index: {}; run `audio-ident rebuild-index`", error.what());
    }
}

Result<std::vector<RecordingMatch>> ExactLane::search(std::span<const float> samples,
                                                      const ExactOptions& options) const {
    ExactOptions as_shipped = options;
    as_shipped.min_confidence = calibration_.invert(options.min_confidence);
    const auto evidence = examine(samples, as_shipped);
    if (!evidence) return forward(evidence);
    std::vector<RecordingMatch> matches;
    for (const Evidence& found : *evidence) {
        if (found.confidence < as_shipped.min_confidence || matches.size() == options.max_results) break;
        RecordingMatch match;
        match.track = found.track;
        match.confidence = calibration_.apply(found.confidence);
        match.offset_seconds = found.match.offset_seconds();
        match.aligned_hashes = static_cast<std::uint32_t>(std::lround(found.match.votes));
        match.time_ratio = double(found.match.transform.time);
        match.pitch_ratio = double(found.match.transform.pitch);
        match.matched = found.match.spans;
        match.also_offsets = found.also_offsets;
        match.other_version = found.other_version;
        matches.push_back(std::move(match));
    }
    return matches;
}

}  // namespace audio_ident::search
