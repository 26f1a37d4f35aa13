#include "search/identify.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "fingerprint/params.hpp"
#include "search/exact_session.hpp"

namespace audio_ident::search {
namespace {

double rounded(double value, double steps_a_unit) {
    return std::round(value * steps_a_unit) / steps_a_unit;
}

Unexpected with_code(Error error, std::string_view code) {
    if (error.kind == ErrorKind::timeout) error.code = "SEARCH_TIMEOUT";
    else if (error.code.empty()) error.code = code;
    return Unexpected(std::move(error));
}

std::string_view code_of_decoding(const Error& error) {
    return error.kind == ErrorKind::not_available ? "FILE_NOT_FOUND" : "UNSUPPORTED_FORMAT";
}

Result<std::vector<RecordingMatch>> exact_matches(const IdentifyParts& parts, const audio::Source& clip,
                                                  const IdentifyOptions& options) {
    ExactSession session(parts.exact, options.exact);
    audio::DecodeOptions decode;
    decode.sample_rate_hz = fingerprint::kSampleRateHz;
    decode.max_seconds = kMaxSeconds;
    decode.deadline = options.exact.deadline;
    const auto decoded = parts.decoder.decode(clip, decode, [&](std::span<const float> samples) {
        return session.consume(samples) ? audio::Flow::proceed : audio::Flow::stop;
    });
    if (!decoded) return with_code(decoded.error(), code_of_decoding(decoded.error()));

    const double seconds = static_cast<double>(decoded->samples) / fingerprint::kSampleRateHz;
    if (seconds < options.min_seconds) {
        return Unexpected(Error{
            ErrorKind::invalid_input,
            fmt::format("the clip has {:.2f} s of audio; at least {:g} s are needed", seconds, options.min_seconds),
            "AUDIO_TOO_SHORT"});
    }
    const double claimed = std::max(seconds, decoded->info.duration_seconds.value_or(0));
    if (options.length == TooLong::refuse &&
        (claimed > kMaxSeconds || (decoded->stopped_early && seconds >= kMaxSeconds))) {
        return Unexpected(Error{ErrorKind::invalid_input,
                                fmt::format("the clip has more than {:g} s of audio; cut a part of it", kMaxSeconds),
                                "AUDIO_TOO_LONG"});
    }
    auto matches = session.finish();
    if (!matches) return with_code(matches.error(), "SERVICE_UNAVAILABLE");
    return matches;
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

}  // namespace

Result<Identification> identify(const IdentifyParts& parts, const audio::Source& clip, const IdentifyOptions& options) {
    const auto begin = std::chrono::steady_clock::now();
    const auto matches = exact_matches(parts, clip, options);
    if (!matches) return forward(matches);

    std::vector<TrackId> ids;
    ids.reserve(matches->size());
    for (const auto& match : *matches) ids.push_back(match.track);
    std::vector<catalog::Track> rows;
    if (!ids.empty()) {
        auto found = parts.catalog.find_many(ids, options.exact.deadline);
        if (!found) return with_code(found.error(), "SERVICE_UNAVAILABLE");
        rows = std::move(*found);
    }

    Identification answer;
    answer.response.request_id = TrackId::random().to_string();
    answer.response.mode_used = options.mode;
    answer.response.lanes.exact = LaneState::ok;
    if (options.mode == SearchMode::both) answer.response.lanes.vibe = LaneState::unavailable;
    for (const auto& match : *matches) {
        const auto row =
            std::find_if(rows.begin(), rows.end(), [&](const auto& track) { return track.id == match.track; });
        if (row == rows.end() || row->state != catalog::TrackState::ready) continue;
        answer.response.exact_matches.push_back(in_the_contracts_words(match, *row));
        answer.tracks.push_back(*row);
    }
    const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - begin;
    answer.response.query_duration_ms = rounded(elapsed.count(), 1e2);
    return answer;
}

}  // namespace audio_ident::search
