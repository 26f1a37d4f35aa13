#include "library/identify.hpp"

#include <algorithm>
#include <chrono>
#include <spdlog/spdlog.h>
#include <unordered_map>

#include "library/ask_lanes.hpp"
#include "util/pulse.hpp"

namespace audio_ident::library {
namespace {

using search::RecordingMatch;
using search::SoundAlike;
using Rows = std::unordered_map<TrackId, catalog::Track>;

/// The share of a search's time that is kept for looking up the tracks that the lanes found, up to kNaming.
constexpr int kNamingShare = 10;
constexpr std::chrono::seconds kNaming{1};
constexpr std::chrono::seconds kLeastNaming{2};  ///< at least this remains for it, however late the lanes were

bool has_end(const Deadline& deadline) {
    return deadline.when() != Deadline::Clock::time_point::max();
}

Deadline deadline_of_lanes(const Deadline& deadline) {
    if (!has_end(deadline)) return deadline;
    const auto kept = std::min<Deadline::Clock::duration>(deadline.remaining() / kNamingShare, kNaming);
    return Deadline(deadline.when() - kept, deadline.stop_token());
}

Deadline deadline_of_naming(const Deadline& deadline) {
    if (!has_end(deadline)) return deadline;
    return Deadline(std::max(deadline.when(), Deadline::Clock::now() + kLeastNaming), deadline.stop_token());
}

/// The ready tracks among these.
Result<Rows> ready_tracks(catalog::Catalog& catalog, std::vector<TrackId> ids, const Deadline& deadline) {
    Rows rows;
    if (ids.empty()) return rows;
    auto found = catalog.find_many(ids, deadline);
    if (!found) {
        Error error = found.error();
        error.message = "the catalog did not name what was found: " + error.message;
        if (error.reason == Reason::unspecified) error.reason = Reason::store_unavailable;
        return Unexpected(std::move(error));
    }
    for (auto& row : *found) {
        if (row.state == catalog::TrackState::ready) rows.emplace(row.id, std::move(row));
    }
    return rows;
}

std::vector<TrackId> ids_of(const auto& found) {
    std::vector<TrackId> ids;
    for (const auto& match : found) ids.push_back(match.track);
    return ids;
}

/// Adds its row to each match, and leaves out matches without one.
template <typename Named>
std::vector<Named> with_rows(const auto& found, const Rows& rows) {
    std::vector<Named> named;
    for (const auto& match : found) {
        if (const auto row = rows.find(match.track); row != rows.end()) named.push_back({match, row->second});
    }
    return named;
}

/// The tracks that sound like the clip, without those that it may be from.
std::vector<SoundAlike> without_named(std::vector<SoundAlike> found, std::span<const RecordingMatch> exact,
                                      std::size_t max_results) {
    std::erase_if(found, [&](const SoundAlike& other) {
        return std::ranges::any_of(exact, [&](const RecordingMatch& match) { return match.track == other.track; });
    });
    if (found.size() > max_results) found.resize(max_results);
    return found;
}

/// An error of the clip itself, which both lanes find.
bool is_the_clips(const Error& error) {
    switch (error.reason) {
        case Reason::audio_too_short:
        case Reason::audio_too_long:
        case Reason::unsupported_format:
        case Reason::file_not_found: return true;
        default: return false;
    }
}

/// The error of a search of which every lane is late. The clip did not take too long when the service itself stood
/// still for more than half of the time.
Error all_late(const Error& one, const Error* other, std::chrono::steady_clock::time_point begin) {
    const auto elapsed = std::chrono::steady_clock::now() - begin;
    const bool stood_still = 2 * util::Pulse::of_process().stood_still_since(begin) > elapsed;
    const std::string spent = other ? one.message + ", " + other->message : one.message;
    Error error = one;
    if (stood_still) {
        error.reason = Reason::store_unavailable;
        error.message = fmt::format("the service hardly ran: {}; try again", spent);
        return error;
    }
    error.message = fmt::format(
        "the search was not finished within {:.1f} s: {}; try again, or give it more time with SEARCH_TIMEOUT_SECONDS",
        std::chrono::duration<double>(elapsed).count(), spent);
    return error;
}

/// The reason why there is no answer at all; nullopt when there is one. The search began then.
std::optional<Error> failure_of(const LaneAnswers& answers, std::chrono::steady_clock::time_point begin) {
    const Error* exact = answers.exact && !*answers.exact ? &answers.exact->error() : nullptr;
    const Error* vibe = answers.vibe && !*answers.vibe ? &answers.vibe->error() : nullptr;
    for (const Error* error : {exact, vibe}) {
        if (error && is_the_clips(*error)) return *error;
    }
    const bool answered = (answers.exact && !exact) || (answers.vibe && !vibe);
    if (answered || (!exact && !vibe)) return std::nullopt;
    const Error& first = exact ? *exact : *vibe;
    if (first.reason != Reason::search_timeout) return first;
    const bool other_late = exact && vibe && vibe->reason == Reason::search_timeout;
    return all_late(first, other_late ? vibe : nullptr, begin);
}

void log_late(const auto& lane) {
    if (lane && !*lane && lane->error().reason == Reason::search_timeout) {
        spdlog::warn("an answer without a lane that was late: {}", lane->error().message);
    }
}

Result<Identification> named(catalog::Catalog& catalog, LaneAnswers answers, const IdentifyRequest& request) {
    std::vector<RecordingMatch> recordings;
    if (answers.exact && *answers.exact) recordings = std::move(**answers.exact);
    std::vector<SoundAlike> sounds;
    if (answers.vibe && *answers.vibe) {
        sounds = without_named(std::move((*answers.vibe)->found), recordings, request.max_results);
    }
    auto ids = ids_of(recordings);
    const auto others = ids_of(sounds);
    ids.insert(ids.end(), others.begin(), others.end());
    const auto rows = ready_tracks(catalog, std::move(ids), deadline_of_naming(request.deadline));
    if (!rows) return forward(rows);
    Identification identification;
    if (answers.exact && *answers.exact) identification.exact = with_rows<Match>(recordings, *rows);
    else if (answers.exact) identification.exact = forward(*answers.exact);
    if (answers.vibe && *answers.vibe) {
        identification.vibe = SoundMatches{std::move((*answers.vibe)->model), with_rows<SoundMatch>(sounds, *rows),
                                           (*answers.vibe)->by_recording};
    } else if (answers.vibe) {
        identification.vibe = forward(*answers.vibe);
    }
    return identification;
}

}  // namespace

Error search_error(Error error, Reason reason) {
    if (error.reason == Reason::unspecified)
        error.reason = error.kind == ErrorKind::timeout ? Reason::search_timeout : reason;
    return error;
}

Result<std::vector<SoundMatch>> name_sounds(catalog::Catalog& catalog, std::span<const SoundAlike> found,
                                            const Deadline& deadline) {
    const auto rows = ready_tracks(catalog, ids_of(found), deadline_of_naming(deadline));
    if (!rows) return forward(rows);
    return with_rows<SoundMatch>(found, *rows);
}

Result<Identification> identify(const IdentifyParts& parts, const audio::Source& clip, const IdentifyRequest& request) {
    util::Pulse::of_process();  // looks from now on
    const auto begin = std::chrono::steady_clock::now();
    auto answers = ask_lanes(parts, clip, request, deadline_of_lanes(request.deadline));
    if (auto failure = failure_of(answers, begin)) return Unexpected(std::move(*failure));
    log_late(answers.exact);
    log_late(answers.vibe);
    auto identification = named(parts.catalog, std::move(answers), request);
    if (identification) identification->elapsed = std::chrono::steady_clock::now() - begin;
    return identification;
}

}  // namespace audio_ident::library
