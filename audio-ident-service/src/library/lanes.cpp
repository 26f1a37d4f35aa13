#include "library/lanes.hpp"

#include <algorithm>
#include <cmath>

#include "fingerprint/params.hpp"
#include "library/decode_clip.hpp"
#include "library/time_spent.hpp"
#include "library/timelines.hpp"
#include "search/exact_session.hpp"
#include "timeline/session.hpp"

namespace audio_ident::library {
namespace {

/// A clip up to this length may be one passage that its track repeats.
constexpr std::size_t kShortClipSamples = 20 * fingerprint::kSampleRateHz;

Unexpected search_failure(const Error& error, Reason reason) {
    return Unexpected(search_error(error, reason));
}

/// The error of a lane that was late, which says where the time went.
template <typename T>
Result<T> explained(Result<T> answer, std::string_view lane, const TimeSpent& spent) {
    if (answer || answer.error().reason != Reason::search_timeout) return answer;
    Error error = answer.error();
    error.message = fmt::format("the {} lane spent {}", lane, spent.text());
    return Unexpected(std::move(error));
}

Result<std::vector<search::RecordingMatch>> search_recordings(const IdentifyParts& parts, const audio::Source& clip,
                                                              const IdentifyRequest& request, const Deadline& deadline,
                                                              TimeSpent& spent) {
    search::ExactOptions options;
    options.max_results = request.max_results;
    options.min_confidence = request.min_confidence;
    options.deadline = deadline;
    search::ExactSession session(parts.exact, options);
    audio::DecodeOptions decode;
    decode.sample_rate_hz = fingerprint::kSampleRateHz;
    decode.max_seconds = kMaxSeconds;
    decode.deadline = deadline;
    decode.stream = request.stream;
    const auto look_up = [&](std::span<const float> samples) {
        const bool more = spent.on("looking up", [&] { return session.consume(samples); });
        return more ? audio::Flow::proceed : audio::Flow::stop;
    };
    const auto decoded =
        spent.on("decoding", [&] { return decode_clip(parts.decoder, clip, decode, request, look_up); });
    if (!decoded) return forward(decoded);
    auto matches = spent.on("looking up", [&] { return session.finish(); });
    if (!matches) return search_failure(matches.error(), Reason::store_unavailable);
    return matches;
}

/// A timeline chooses one place in the track. A short clip may be from several, such as a jingle that comes three
/// times: adds the others to the matches.
Result<void> add_other_places(const search::ExactLane& lane, std::span<const float> clip, const Deadline& deadline,
                              std::vector<search::RecordingMatch>& matches) {
    constexpr double kSamePlaceSeconds = 0.5;
    const auto found = lane.search(clip, {.all = true, .deadline = deadline});
    if (!found) return forward(found);
    for (search::RecordingMatch& match : matches) {
        const auto same = std::ranges::find(*found, match.track, &search::RecordingMatch::track);
        if (same == found->end()) continue;
        std::vector<double> places = same->also_offsets;
        places.insert(places.begin(), same->offset_seconds);
        for (const double place : places) {
            const auto near = [&](double other) { return std::abs(other - place) < kSamePlaceSeconds; };
            if (!near(match.offset_seconds) && std::ranges::none_of(match.also_offsets, near))
                match.also_offsets.push_back(place);
        }
    }
    return {};
}

/// Every track and place: the timeline of the whole recording, whatever its length.
Result<std::vector<search::RecordingMatch>> search_all(const IdentifyParts& parts, const audio::Source& clip,
                                                       const IdentifyRequest& request, const Deadline& deadline,
                                                       TimeSpent& spent) {
    auto session = timeline::Session::open(parts.exact.index(), parts.exact.executor(),
                                           {.min_confidence = request.min_confidence, .deadline = deadline});
    if (!session) return search_failure(session.error(), Reason::store_unavailable);
    audio::DecodeOptions decode;
    decode.sample_rate_hz = fingerprint::kSampleRateHz;
    decode.deadline = deadline;
    decode.stream = request.stream;
    decode.fill_gaps = true;
    std::vector<float> begin;  // one sample longer than a short clip where the clip is longer
    Result<void> heard;
    const auto look_up = [&](std::span<const float> samples) {
        const std::size_t missing = kShortClipSamples + 1 - begin.size();
        begin.insert(begin.end(), samples.begin(),
                     samples.begin() + static_cast<std::ptrdiff_t>(std::min(missing, samples.size())));
        heard = spent.on("looking up", [&] { return session->consume(samples); });
        return heard ? audio::Flow::proceed : audio::Flow::stop;
    };
    const auto decoded =
        spent.on("decoding", [&] { return decode_clip(parts.decoder, clip, decode, request, look_up); });
    if (!heard) return search_failure(heard.error(), Reason::store_unavailable);
    if (!decoded) return forward(decoded);
    const auto timeline = spent.on("looking up", [&] { return session->finish(); });
    if (!timeline) return search_failure(timeline.error(), Reason::store_unavailable);
    auto matches = matches_of(*timeline);
    if (!matches.empty() && begin.size() <= kShortClipSamples) {
        const auto added =
            spent.on("looking up", [&] { return add_other_places(parts.exact, begin, deadline, matches); });
        if (!added) return search_failure(added.error(), Reason::store_unavailable);
    }
    if (matches.size() > request.max_results) matches.resize(request.max_results);
    return matches;
}

Result<embedding::Embedding> describe(const IdentifyParts& parts, const embedding::Embedder& embedder,
                                      const audio::Source& clip, const IdentifyRequest& request,
                                      const Deadline& deadline, TimeSpent& spent) {
    const auto stream = embedder.clip_stream(deadline);
    audio::DecodeOptions decode;
    decode.sample_rate_hz = static_cast<int>(embedder.model().sample_rate);
    decode.max_seconds = kVibeSeconds;
    decode.deadline = deadline;
    decode.stream = request.stream;
    Result<void> consumed;
    const auto consume = [&](std::span<const float> samples) {
        consumed = spent.on("describing", [&] { return stream->consume(samples); });
        return consumed ? audio::Flow::proceed : audio::Flow::stop;
    };
    const auto decoded =
        spent.on("decoding", [&] { return decode_clip(parts.decoder, clip, decode, request, consume); });
    if (!consumed) return search_failure(consumed.error(), Reason::store_unavailable);
    if (!decoded) return forward(decoded);
    auto embedding = spent.on("describing", [&] { return stream->finish(); });
    if (!embedding) return search_failure(embedding.error(), Reason::store_unavailable);
    return embedding;
}

search::VibeOptions vibe_options(const IdentifyRequest& request, const Deadline& deadline) {
    search::VibeOptions options{.max_results = request.max_results,
                                .min_similarity = request.min_similarity,
                                .order = request.order,
                                .deadline = deadline};
    if (request.mode == Mode::both) options.max_results += request.max_results;
    return options;
}

Result<VibeAnswer> search_sounds(const IdentifyParts& parts, const audio::Source& clip, const IdentifyRequest& request,
                                 const Deadline& deadline, TimeSpent& spent) {
    const auto vibe = spent.on("opening the vectors", [&] { return parts.vibe(deadline); });
    if (!vibe) return search_failure(vibe.error(), Reason::lane_unavailable);
    const auto embedding = describe(parts, *vibe->embedder, clip, request, deadline, spent);
    if (!embedding) return forward(embedding);
    auto found =
        spent.on("comparing", [&] { return vibe->lane.search(embedding->chunks, vibe_options(request, deadline)); });
    if (!found) return search_failure(found.error(), Reason::store_unavailable);
    return VibeAnswer{vibe->embedder->model().name, std::move(*found)};
}

}  // namespace

Result<std::vector<search::RecordingMatch>> exact_lane(const IdentifyParts& parts, const audio::Source& clip,
                                                       const IdentifyRequest& request, const Deadline& deadline) {
    TimeSpent spent;
    const auto search = request.places == Places::all ? search_all : search_recordings;
    return explained(search(parts, clip, request, deadline, spent), "exact", spent);
}

Result<VibeAnswer> vibe_lane(const IdentifyParts& parts, const audio::Source& clip, const IdentifyRequest& request,
                             const Deadline& deadline) {
    TimeSpent spent;
    return explained(search_sounds(parts, clip, request, deadline, spent), "vibe", spent);
}

Result<std::optional<VibeAnswer>> vibe_lane_of(const IdentifyParts& parts, const search::RecordingMatch& recording,
                                               const IdentifyRequest& request, const Deadline& deadline) {
    const auto vibe = parts.vibe(deadline);
    if (!vibe) return search_failure(vibe.error(), Reason::lane_unavailable);
    const double at =
        std::max(0.0, recording.matched.empty() ? recording.offset_seconds : recording.matched.front().place_seconds);
    auto found = vibe->lane.similar(recording.track, at, vibe_options(request, deadline));
    if (!found) return search_failure(found.error(), Reason::store_unavailable);
    if (!*found) return std::optional<VibeAnswer>();
    if (request.mode == Mode::vibe) {
        (*found)->insert((*found)->begin(),
                         {.track = recording.track, .similarity = 1, .best_moment_seconds = at, .matched_chunks = 1});
    }
    return VibeAnswer{vibe->embedder->model().name, std::move(**found), true};
}

}  // namespace audio_ident::library
