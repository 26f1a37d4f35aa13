#include "library/ask_lanes.hpp"

#include <algorithm>
#include <functional>
#include <stop_token>

namespace audio_ident::library {
namespace {

using search::RecordingMatch;

/// The recording that the clip is surely from; null when there is none.
const RecordingMatch* sure_recording(const LaneAnswers& answers) {
    if (!answers.exact || !*answers.exact || (*answers.exact)->empty()) return nullptr;
    const RecordingMatch& best = (*answers.exact)->front();
    return best.confidence >= kNamedConfidence ? &best : nullptr;
}

/// Whether the lane has an answer, or would have one with more time.
bool has_model(const Result<VibeAnswer>& vibe) {
    return vibe || vibe.error().reason == Reason::search_timeout;
}

void ask_with_recording(const IdentifyParts& parts, const audio::Source& clip, const IdentifyRequest& request,
                        const Deadline& deadline, const RecordingMatch& recording, LaneAnswers& answers) {
    const bool described = answers.vibe->has_value();
    auto known = vibe_lane_of(parts, recording, request, deadline);
    if (known && *known) answers.vibe = std::move(**known);
    else if (described) return;
    else if (known) answers.vibe = vibe_lane(parts, clip, request, deadline);
    else answers.vibe = forward(known);
}

}  // namespace

LaneAnswers ask_lanes(const IdentifyParts& parts, const audio::Source& clip, const IdentifyRequest& request,
                      const Deadline& deadline) {
    LaneAnswers answers;
    const bool asks_recording = request.mode != Mode::exact && request.places == Places::best;
    std::stop_source enough;  // also when the request is stopped
    const std::stop_callback on_stop(deadline.stop_token(), [&] { enough.request_stop(); });
    std::vector<std::function<void()>> lanes{[&] {
        answers.exact = exact_lane(parts, clip, request, deadline);
        if (asks_recording && sure_recording(answers)) enough.request_stop();
    }};
    if (request.mode != Mode::exact) {
        lanes.push_back(
            [&] { answers.vibe = vibe_lane(parts, clip, request, Deadline(deadline.when(), enough.get_token())); });
    }
    parts.lanes.for_each(lanes.size(), lanes.size(), [&](std::size_t lane, std::size_t) { lanes[lane](); });
    const RecordingMatch* recording = asks_recording ? sure_recording(answers) : nullptr;
    if (recording && has_model(*answers.vibe)) ask_with_recording(parts, clip, request, deadline, *recording, answers);
    if (request.mode == Mode::vibe) answers.exact.reset();
    return answers;
}

}  // namespace audio_ident::library
