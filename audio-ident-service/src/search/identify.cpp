#include "search/identify.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <future>
#include <unordered_map>

#include "core/uuid.hpp"
#include "fingerprint/params.hpp"
#include "search/exact_session.hpp"

namespace audio_ident::search {
namespace {

using ExactMatches = std::vector<RecordingMatch>;
using VibeMatches = std::vector<SoundAlike>;

double rounded(double value, double steps_a_unit) {
    return std::round(value * steps_a_unit) / steps_a_unit;
}

Unexpected with_reason(Error error, Reason reason) {
    if (error.kind == ErrorKind::timeout) error.reason = Reason::search_timeout;
    else if (error.reason == Reason::unspecified) error.reason = reason;
    return Unexpected(std::move(error));
}

Reason reason_of_decoding(const Error& error) {
    return error.kind == ErrorKind::not_available ? Reason::file_not_found : Reason::unsupported_format;
}

Unexpected too_long() {
    return Unexpected(Error{ErrorKind::invalid_input,
                            fmt::format("the clip has more than {:g} s of audio; cut a part of it", kMaxSeconds),
                            Reason::audio_too_long});
}

/// Refuses a clip by what its header claims, before any of it is searched.
Result<void> check_claimed_length(const audio::Decoder& decoder, const audio::Source& clip,
                                  const audio::DecodeOptions& decode, const IdentifyOptions& options) {
    if (options.length != TooLong::refuse) return {};
    const auto info = decoder.probe(clip, decode.deadline);
    if (info && info->duration_seconds.value_or(0) > kMaxSeconds) return too_long();
    return {};  // when the header cannot be read, decoding says why
}

/// Decodes at most `max_seconds` of the clip into the sink; fails for clips that are too short or too long.
Result<void> decode_clip(const audio::Decoder& decoder, const audio::Source& clip, const audio::DecodeOptions& decode,
                         const IdentifyOptions& options, const audio::PcmSink& sink) {
    if (auto checked = check_claimed_length(decoder, clip, decode, options); !checked) return checked;
    const auto decoded = decoder.decode(clip, decode, sink);
    if (!decoded) return with_reason(decoded.error(), reason_of_decoding(decoded.error()));

    const double seconds = static_cast<double>(decoded->samples) / decode.sample_rate_hz;
    if (seconds < options.min_seconds) {
        return Unexpected(Error{
            ErrorKind::invalid_input,
            fmt::format("the clip has {:.2f} s of audio; at least {:g} s are needed", seconds, options.min_seconds),
            Reason::audio_too_short});
    }
    const double claimed = std::max(seconds, decoded->info.duration_seconds.value_or(0));
    if (options.length == TooLong::refuse &&
        (claimed > kMaxSeconds || (decoded->stopped_early && seconds >= kMaxSeconds))) {
        return too_long();
    }
    return {};
}

Result<ExactMatches> exact_matches(const IdentifyParts& parts, const audio::Source& clip,
                                   const IdentifyOptions& options) {
    ExactSession session(parts.exact, options.exact);
    audio::DecodeOptions decode;
    decode.sample_rate_hz = fingerprint::kSampleRateHz;
    decode.max_seconds = kMaxSeconds;
    decode.deadline = options.exact.deadline;
    const auto decoded = decode_clip(parts.decoder, clip, decode, options, [&](std::span<const float> samples) {
        return session.consume(samples) ? audio::Flow::proceed : audio::Flow::stop;
    });
    if (!decoded) return forward(decoded);
    auto matches = session.finish();
    if (!matches) return with_reason(matches.error(), Reason::store_unavailable);
    return matches;
}

Result<VibeMatches> sound_alikes(const IdentifyParts& parts, const audio::Source& clip,
                                 const IdentifyOptions& options) {
    if (!parts.vibe) return with_reason(parts.vibe.error(), Reason::store_unavailable);
    const auto stream = parts.vibe->embedder->stream(options.vibe.deadline);
    audio::DecodeOptions decode;
    decode.sample_rate_hz = static_cast<int>(parts.vibe->embedder->model().sample_rate);
    decode.max_seconds = kVibeSeconds;
    decode.deadline = options.vibe.deadline;
    Result<void> embedded;
    const auto decoded = decode_clip(parts.decoder, clip, decode, options, [&](std::span<const float> samples) {
        embedded = stream->consume(samples);
        return embedded ? audio::Flow::proceed : audio::Flow::stop;
    });
    if (!embedded) return with_reason(embedded.error(), Reason::store_unavailable);
    if (!decoded) return forward(decoded);
    const auto embedding = stream->finish();
    if (!embedding) return with_reason(embedding.error(), Reason::store_unavailable);

    VibeOptions more = options.vibe;
    if (options.mode == SearchMode::both) more.max_results += options.exact.max_results;  // some may be left out
    auto found = parts.vibe->lane->search(embedding->chunks, more);
    if (!found) return with_reason(found.error(), Reason::store_unavailable);
    return found;
}

/// The clip's own fault, which both lanes find.
bool is_the_clips(const Error& error) {
    return error.reason != Reason::search_timeout && error.reason != Reason::store_unavailable;
}

template <typename T>
LaneState state_of(const Result<T>& lane) {
    if (lane) return LaneState::ok;
    return lane.error().kind == ErrorKind::timeout ? LaneState::timeout : LaneState::failed;
}

ExactMatch in_the_contracts_words(const RecordingMatch& match, const catalog::Track& track) {
    ExactMatch words{.track = track_info(track),
                     .confidence = rounded(match.confidence, 1e4),
                     .offset_seconds = rounded(match.offset_seconds, 1e3),
                     .aligned_hashes = match.aligned_hashes,
                     .time_ratio = rounded(match.time_ratio, 1e4),
                     .pitch_ratio = rounded(match.pitch_ratio, 1e4),
                     .other_version = match.other_version};
    for (const Span& span : match.matched)
        words.matched_seconds.push_back({rounded(span.begin, 1e2), rounded(span.end, 1e2)});
    for (const double offset : match.also_offsets) words.also_offset_seconds.push_back(rounded(offset, 1e3));
    return words;
}

/// The ready tracks among the matches.
template <typename Match>
Result<std::unordered_map<TrackId, catalog::Track>> ready_tracks(catalog::Catalog& catalog,
                                                                 const std::vector<Match>& matches,
                                                                 const Deadline& deadline) {
    std::unordered_map<TrackId, catalog::Track> rows;
    if (matches.empty()) return rows;
    std::vector<TrackId> ids;
    ids.reserve(matches.size());
    for (const auto& match : matches) ids.push_back(match.track);
    auto found = catalog.find_many(ids, deadline);
    if (!found) return with_reason(found.error(), Reason::store_unavailable);
    for (auto& row : *found) {
        if (row.state == catalog::TrackState::ready) rows.emplace(row.id, std::move(row));
    }
    return rows;
}

/// What sounds like the clip besides what it is.
VibeMatches without_sure(VibeMatches found, const ExactMatches& exact, std::size_t max_results) {
    std::erase_if(found, [&](const SoundAlike& other) {
        return std::any_of(exact.begin(), exact.end(), [&](const RecordingMatch& match) {
            return match.track == other.track && match.confidence >= kSure;
        });
    });
    if (found.size() > max_results) found.resize(max_results);
    return found;
}

}  // namespace

Result<std::vector<VibeMatch>> vibe_matches(catalog::Catalog& catalog, const std::vector<SoundAlike>& found,
                                            const std::string& model, std::vector<catalog::Track>& rows,
                                            const Deadline& deadline) {
    const auto ready = ready_tracks(catalog, found, deadline);
    if (!ready) return forward(ready);
    std::vector<VibeMatch> matches;
    for (const SoundAlike& match : found) {
        const auto row = ready->find(match.track);
        if (row == ready->end()) continue;
        const auto& tags = row->second.tags;
        matches.push_back({.track = track_info(row->second),
                           .similarity = rounded(match.similarity, 1e4),
                           .embedding_model = model,
                           .best_moment_seconds = rounded(match.best_moment_seconds, 1e2),
                           .matched_chunks = match.matched_chunks,
                           .tags = tags.empty() ? std::nullopt : std::optional(tags)});
        rows.push_back(row->second);
    }
    return matches;
}

Result<Identification> identify(const IdentifyParts& parts, const audio::Source& clip, const IdentifyOptions& options) {
    const auto begin = std::chrono::steady_clock::now();
    const bool wants_exact = options.mode != SearchMode::vibe;
    const bool wants_vibe =
        options.mode == SearchMode::vibe || (options.mode == SearchMode::both && parts.vibe.has_value());

    std::future<Result<VibeMatches>> listening;
    if (wants_exact && wants_vibe)
        listening = std::async(std::launch::async, [&] { return sound_alikes(parts, clip, options); });
    Result<ExactMatches> exact;
    if (wants_exact) exact = exact_matches(parts, clip, options);
    Result<VibeMatches> vibe;
    if (listening.valid()) vibe = listening.get();
    else if (wants_vibe) vibe = sound_alikes(parts, clip, options);

    if (!exact && (!wants_vibe || !vibe || is_the_clips(exact.error()))) return forward(exact);
    if (!vibe && (!wants_exact || is_the_clips(vibe.error()))) return forward(vibe);

    Identification answer;
    SearchResponse& response = answer.response;
    response.request_id = Uuid::random().to_string();
    response.mode_used = options.mode;
    if (wants_exact) response.lanes.exact = state_of(exact);
    if (wants_vibe) response.lanes.vibe = state_of(vibe);
    else if (options.mode == SearchMode::both) response.lanes.vibe = LaneState::unavailable;
    if (exact) {
        const auto ready = ready_tracks(parts.catalog, *exact, options.exact.deadline);
        if (!ready) return forward(ready);
        for (const auto& match : *exact) {
            const auto row = ready->find(match.track);
            if (row == ready->end()) continue;
            response.exact_matches.push_back(in_the_contracts_words(match, row->second));
            answer.tracks.push_back(row->second);
        }
    }
    if (wants_vibe && vibe) {
        const auto found = without_sure(std::move(*vibe), exact.value_or(ExactMatches()), options.vibe.max_results);
        auto matches = vibe_matches(parts.catalog, found, parts.vibe->embedder->model().name, answer.vibe_tracks,
                                    options.vibe.deadline);
        if (!matches) return forward(matches);
        response.vibe_matches = std::move(*matches);
    }
    const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - begin;
    response.query_duration_ms = rounded(elapsed.count(), 1e2);
    return answer;
}

}  // namespace audio_ident::search
