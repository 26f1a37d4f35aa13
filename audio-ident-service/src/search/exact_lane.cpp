#include "search/exact_lane.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <new>

#include "search/passes.hpp"

namespace audio_ident::search {

namespace {

constexpr std::size_t kMostThreads = 4;  // for each pass; more threads gain little

Result<void> check_length(std::span<const float> samples) {
    const double seconds = double(samples.size()) / fingerprint::kSampleRateHz;
    if (seconds >= kShortestClipSeconds) return {};
    return Unexpected(
        Error{ErrorKind::invalid_input,
              fmt::format("the clip has {:.2f} s of audio; at least {} s are needed", seconds, kShortestClipSeconds),
              Reason::audio_too_short});
}

Unexpected out_of_time() {
    return fail(ErrorKind::timeout, "the exact search ran out of time");
}

Result<std::vector<Evidence>> run_passes(const index::FingerprintSnapshot& snapshot, std::span<const float> samples,
                                         const ExactOptions& options, Executor& executor) {
    const Deadline& deadline = options.deadline;
    const Claims claims{.min_confidence = options.min_confidence, .other_places = options.all};
    ClipSearch quick(snapshot, samples, 1, executor, 1);
    auto evidence = quick_pass(quick);
    if (at_least(evidence, kSureAfterQuickPass) || (deadline.expired() && at_least(evidence, options.min_confidence))) {
        quick.complete(evidence, claims);
        return evidence;
    }
    if (deadline.expired()) return out_of_time();
    ClipSearch thorough(snapshot, samples, fingerprint::Clip::kMaxPhases, executor,
                        std::min(executor.width(), kMostThreads));
    evidence = thorough_pass(thorough);
    if (!at_least(evidence, kSureAfterThoroughPass)) evidence = transformed_passes(thorough, deadline);
    if (deadline.expired() && !at_least(evidence, options.min_confidence)) return out_of_time();
    thorough.complete(evidence, claims);
    return evidence;
}

}  // namespace

Result<std::vector<Evidence>> ExactLane::examine(std::span<const float> samples, const ExactOptions& options) const {
    if (const auto long_enough = check_length(samples); !long_enough) return forward(long_enough);
    const auto opened = reader_.snapshot(options.deadline);
    if (!opened) return forward(opened);
    try {
        auto evidence = run_passes(**opened, samples, options, executor_);
        if (const auto status = (*opened)->status(); !status) return forward(status);
        return evidence;
    } catch (const std::bad_alloc&) {
        return fail(ErrorKind::internal, "the exact search ran out of memory");
    } catch (const std::exception& error) {
        return fail(ErrorKind::internal, "the exact search failed: {}", error.what());
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
        for (const Span& span : found.match.spans)
            match.matched.push_back({span, match.offset_seconds + span.begin * match.time_ratio});
        match.also_offsets = found.also_offsets;
        match.other_version = found.other_version;
        matches.push_back(std::move(match));
    }
    return matches;
}

}  // namespace audio_ident::search
