#include "search/exact_lane.hpp"

#include <algorithm>
#include <cmath>
#include <exception>

#include "fingerprint/clip.hpp"
#include "search/ranking.hpp"
#include "search/transforms.hpp"
#include "search/verification.hpp"
#include "search/voting.hpp"

namespace audio_ident::search {

namespace {

using fingerprint::Clip;
using fingerprint::Transform;

constexpr std::size_t kPlainCandidates = 200;
constexpr std::size_t kTransformedCandidates = 20;  // a transform
constexpr std::size_t kTransformedFanOut = 5;
constexpr std::size_t kTransformedPhases = 1;
constexpr double kSure = 0.95;  // ends the search after a pass

}  // namespace

Result<std::vector<Evidence>> ExactLane::examine(std::span<const float> samples, const Deadline& deadline) const {
    if (double(samples.size()) < kShortestClipSeconds * fingerprint::kSampleRateHz) {
        return Unexpected(Error{ErrorKind::invalid_input,
                                fmt::format("the clip has {:.2f} s of audio; at least {} s are needed",
                                            double(samples.size()) / fingerprint::kSampleRateHz, kShortestClipSeconds),
                                "AUDIO_TOO_SHORT"});
    }
    auto opened = reader_.snapshot(deadline);
    if (!opened) return forward(opened);
    const index::FingerprintSnapshot& snapshot = **opened;
    try {
        const Clip clip(samples);
        Verifier verifier(snapshot, clip);
        Ranking ranking;
        const auto pass = [&](const std::vector<ClipPair>& pairs, const Transform& transform, std::size_t most) {
            for (const Candidate& candidate : vote(snapshot, lookups_of(pairs, transform), most)) {
                for (const Alignment& alignment : verifier.align(candidate, transform)) ranking.add(alignment);
            }
        };
        std::vector<Evidence> evidence;
        const auto conclude = [&] {
            const auto ranked = ranking.best(verifier);
            evidence.clear();
            for (std::size_t i = 0; i < ranked.size(); ++i) {
                const MatchFeatures features = features_of(ranked, i, clip.seconds());
                evidence.push_back(
                    {snapshot.track_id(ranked[i].track.track), ranked[i], features, confidence_of(features)});
            }
            std::stable_sort(evidence.begin(), evidence.end(),
                             [](const Evidence& a, const Evidence& b) { return a.confidence > b.confidence; });
            return !evidence.empty() && evidence.front().confidence >= kSure;
        };

        pass(clip_pairs(clip, fingerprint::kQueryFanOut, Clip::kPhases), {}, kPlainCandidates);
        if (conclude()) return evidence;
        const auto pairs = clip_pairs(clip, kTransformedFanOut, kTransformedPhases);
        for (const auto* transforms : {&single_transforms(), &joint_transforms()}) {
            for (const Transform& transform : *transforms) {
                if (deadline.expired()) return fail(ErrorKind::timeout, "the exact search ran out of time");
                pass(pairs, transform, kTransformedCandidates);
            }
            if (conclude()) break;
        }
        return evidence;
    } catch (const std::bad_alloc&) {
        return fail(ErrorKind::internal, "the exact search ran out of memory");
    } catch (const std::exception& error) {
        return fail(ErrorKind::corrupt, "fingerprint index: {}; run `audio-ident rebuild-index`", error.what());
    }
}

Result<std::vector<RecordingMatch>> ExactLane::search(std::span<const float> samples,
                                                      const ExactOptions& options) const {
    const auto evidence = examine(samples, options.deadline);
    if (!evidence) return forward(evidence);
    std::vector<RecordingMatch> matches;
    for (const Evidence& found : *evidence) {
        if (found.confidence < options.min_confidence || matches.size() == options.max_results) break;
        matches.push_back({found.track, found.confidence, found.alignment.offset_seconds(),
                           static_cast<std::uint32_t>(std::lround(found.alignment.votes)),
                           double(found.alignment.transform.time), double(found.alignment.transform.pitch)});
    }
    return matches;
}

}  // namespace audio_ident::search
