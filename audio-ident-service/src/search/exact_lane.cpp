#include "search/exact_lane.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <unordered_map>

#include "fingerprint/clip.hpp"
#include "search/verification.hpp"
#include "search/voting.hpp"

namespace audio_ident::search {

namespace {

using fingerprint::Clip;
using fingerprint::Transform;

constexpr std::size_t kPlainCandidates = 200;
constexpr std::size_t kTransformedCandidates = 50;  // a transform
constexpr std::size_t kRefined = 5;                 // tracks, of those with the highest z
constexpr std::size_t kJudged = 12;
constexpr double kSure = 0.95;  // after the plain pass: spares the other speeds and pitches

// The other speeds (time and pitch together), pitches and tempos to try, nearest first.
std::vector<Transform> other_transforms() {
    constexpr float kStep = 1.009F;       // keeps half a bin at the middle of the band
    constexpr float kTempoStep = 1.018F;  // time alone has the look-ups' tolerance of a frame besides
    constexpr int kSteps = 7;
    constexpr int kTempoSteps = 3;
    std::vector<Transform> transforms;
    for (int i = 1; i <= kSteps; ++i) {
        for (const int sign : {1, -1}) {
            const float ratio = std::pow(kStep, static_cast<float>(sign * i));
            transforms.push_back({ratio, ratio});
            transforms.push_back({1, ratio});
            if (i <= kTempoSteps) transforms.push_back({std::pow(kTempoStep, static_cast<float>(sign * i)), 1});
        }
    }
    return transforms;
}

float rank_of(const Alignment& alignment) {
    return alignment.sharpness + 0.3F * alignment.z;
}

// The best alignment of each track, and the ranking that follows.
class Ranking {
  public:
    void add(const Alignment& alignment) {
        const auto [at, added] = best_.try_emplace(alignment.track.track, alignment);
        if (!added && alignment.z > at->second.z) at->second = alignment;
    }

    // The best few, refined and judged.
    std::vector<Alignment> ranked(Verifier& verifier) const {
        std::vector<Alignment> alignments;
        alignments.reserve(best_.size());
        for (const auto& [track, alignment] : best_) alignments.push_back(alignment);
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
            return rank_of(a) != rank_of(b) ? rank_of(a) > rank_of(b) : by_z(a, b);
        });
        return alignments;
    }

  private:
    std::unordered_map<std::uint32_t, Alignment> best_;
};

// Features of the alignment at `place`, seen against the four best tracks besides it.
MatchFeatures features_of(const std::vector<Alignment>& ranked, std::size_t place, double clip_seconds) {
    const Alignment& match = ranked[place];
    MatchFeatures features;
    features.z = match.z;
    features.votes = match.votes;
    features.hit_share = match.peaks == 0 ? 0.0F : static_cast<float>(match.hits) / static_cast<float>(match.peaks);
    features.coherence = match.coherence;
    features.clip_seconds = static_cast<float>(clip_seconds);
    features.transformed = match.transform != Transform{};
    float others = 0;
    for (std::size_t i = 0; i < ranked.size() && others < 4; ++i) {
        if (i == place) continue;
        features.z_others += ranked[i].z;
        features.votes_others += ranked[i].votes;
        ++others;
    }
    if (others > 0) {
        features.z_others /= others;
        features.votes_others /= others;
    }
    return features;
}

}  // namespace

Result<std::vector<RecordingMatch>> ExactLane::search(std::span<const float> samples,
                                                      const ExactOptions& options) const {
    if (double(samples.size()) < kShortestClipSeconds * fingerprint::kSampleRateHz) {
        return Unexpected(Error{ErrorKind::invalid_input,
                                fmt::format("the clip has {:.2f} s of audio; at least {} s are needed",
                                            double(samples.size()) / fingerprint::kSampleRateHz, kShortestClipSeconds),
                                "AUDIO_TOO_SHORT"});
    }
    auto opened = reader_.snapshot(options.deadline);
    if (!opened) return forward(opened);
    const index::FingerprintSnapshot& snapshot = **opened;
    try {
        const Clip clip(samples);
        Verifier verifier(snapshot, clip);
        Ranking ranking;
        const auto pass = [&](const Transform& transform, std::size_t most) {
            const auto lookups = clip_lookups(clip, transform, fingerprint::kQueryFanOut);
            for (const Candidate& candidate : vote(snapshot, lookups, most)) {
                for (const Alignment& alignment : verifier.align(candidate, transform)) ranking.add(alignment);
            }
        };
        pass({}, kPlainCandidates);
        auto ranked = ranking.ranked(verifier);
        if (ranked.empty() || confidence_of(features_of(ranked, 0, clip.seconds())) < kSure) {
            static const std::vector<Transform> transforms = other_transforms();
            for (const Transform& transform : transforms) {
                if (options.deadline.expired()) return fail(ErrorKind::timeout, "the exact search ran out of time");
                pass(transform, kTransformedCandidates);
            }
            ranked = ranking.ranked(verifier);
        }

        std::vector<RecordingMatch> matches;
        for (std::size_t i = 0; i < ranked.size() && matches.size() < options.max_results; ++i) {
            const Alignment& alignment = ranked[i];
            const double confidence = confidence_of(features_of(ranked, i, clip.seconds()));
            if (confidence < options.min_confidence) continue;
            matches.push_back({snapshot.track_id(alignment.track.track), confidence, alignment.offset_seconds(),
                               static_cast<std::uint32_t>(std::lround(alignment.votes)),
                               double(alignment.transform.time), double(alignment.transform.pitch)});
        }
        std::stable_sort(matches.begin(), matches.end(),
                         [](const RecordingMatch& a, const RecordingMatch& b) { return a.confidence > b.confidence; });
        return matches;
    } catch (const std::bad_alloc&) {
        return fail(ErrorKind::internal, "the exact search ran out of memory");
    } catch (const std::exception& error) {
        return fail(ErrorKind::corrupt, "fingerprint index: {}; run `audio-ident rebuild-index`", error.what());
    }
}

}  // namespace audio_ident::search
