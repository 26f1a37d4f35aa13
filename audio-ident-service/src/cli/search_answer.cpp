#include "cli/search_answer.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value_from.hpp>
#include <cmath>

#include "api/error_codes.hpp"
#include "api/search_types.hpp"
#include "api/station_types.hpp"
#include "catalog/timestamp_text.hpp"
#include "cli/output.hpp"
#include "cli/places.hpp"
#include "cli/text.hpp"
#include "cli/vibe_answer.hpp"
#include "core/uuid.hpp"
#include "util/json.hpp"
#include "util/path_text.hpp"

namespace audio_ident::cli {
namespace {

boost::json::object error_json(const Error& error) {
    return {{"code", api::error_code_of(error).code},
            {"message", error.message},
            {"details", {{"kind", to_string(error.kind)}}}};
}

boost::json::array exact_json(const std::vector<library::Match>& matches) {
    boost::json::array array;
    for (const auto& match : matches) {
        auto object = boost::json::value_from(api::wire::exact_match(match)).as_object();
        object["track"].as_object()["file_path"] = match.track.file_path;
        array.push_back(std::move(object));
    }
    return array;
}

/// The speed, tempo or pitch at which the clip was played, if it differs from the recording.
std::string alteration_text(const search::RecordingMatch& match) {
    const auto per_cent = [](double ratio) { return fmt::format("{:+.1f} %", (ratio - 1) * 100); };
    constexpr double kNoticed = 0.002;
    const bool timed = std::abs(match.time_ratio - 1) >= kNoticed;
    const bool pitched = std::abs(match.pitch_ratio - 1) >= kNoticed;
    if (timed && std::abs(match.time_ratio - match.pitch_ratio) < 2 * kNoticed)
        return "played at speed " + per_cent(match.time_ratio);
    std::string text;
    if (timed) text += "played at tempo " + per_cent(match.time_ratio);
    if (pitched) text += (timed ? ", pitch " : "played at pitch ") + per_cent(match.pitch_ratio);
    return text;
}

void print_match(const library::Match& match, library::Places places, std::string_view indent) {
    print_line(fmt::format("{}{}", indent, name_text(match.track)));
    print_line(fmt::format("{}  {}, {}{}", indent, place_text(match), confidence_text(match.recording.confidence),
                           match.recording.other_version ? "; likely another version of the one above" : ""));
    if (const auto line = alteration_text(match.recording); !line.empty())
        print_line(fmt::format("{}  {}", indent, line));
    if (places == library::Places::all) {
        for (const auto& line : stretches_text(match)) print_line(fmt::format("{}  {}", indent, line));
    }
    print_line(fmt::format("{}  {}", indent, one_line(match.track.file_path)));
}

void print_exact(const Result<std::vector<library::Match>>& lane, library::Places places, std::string_view indent) {
    if (!lane) print_line(fmt::format("{}the exact lane did not answer: {}", indent, one_line(lane.error().message)));
    else if (lane->empty()) print_line(fmt::format("{}no recording in the library matches", indent));
    else
        for (const auto& match : *lane) print_match(match, places, indent);
}

void print_sounds(const Result<library::SoundMatches>& lane, bool beside_exact, std::string_view indent) {
    if (!lane && lane.error().reason == Reason::lane_unavailable) return;  // a note was printed before
    if (!lane) {
        print_line(fmt::format("{}the vibe lane did not answer: {}", indent, one_line(lane.error().message)));
    } else if (lane->matches.empty()) {
        print_line(fmt::format("{}nothing {}in the library sounds like it", indent, beside_exact ? "else " : ""));
    } else {
        print_line(fmt::format("{}sounds like {}:", indent, lane->by_recording ? "this recording" : "it"));
        print_vibe(*lane, fmt::format("{}  ", indent));
    }
}

/// One object on one line: an error, or what `response` makes of the answer.
template <typename Answer, typename Response>
std::string line_of(const Answer& answer, Response response) {
    boost::json::object line = {{"file", util::path_to_text(answer.file)}};
    if (!answer.found) {
        line["error"] = error_json(answer.found.error());
        return util::json_text(line);
    }
    for (auto& member : response(*answer.found)) line.insert(std::move(member));
    return util::json_text(line);
}

std::string_view indent_of(Heading heading) {
    return heading == Heading::file ? "  " : "";
}

/// Returns whether an answer follows; says why there is none.
template <typename Answer>
bool print_heading(const Answer& answer, Heading heading) {
    const auto name = util::path_to_text(answer.file);
    if (heading == Heading::file) print_line(one_line(name));
    if (answer.found) return true;
    note("{}", file_error_text(name, answer.found.error().message));
    if (heading == Heading::file) print_line("  could not be searched");
    return false;
}

}  // namespace

std::string json_line(const ClipAnswer& answer, library::Mode mode) {
    return line_of(answer, [&](const library::Identification& found) {
        auto response =
            boost::json::value_from(api::wire::search_response(found, mode, Uuid::random().to_string())).as_object();
        if (found.exact && *found.exact) response["exact_matches"] = exact_json(**found.exact);
        if (found.vibe && *found.vibe) response["vibe_matches"] = vibe_json(**found.vibe);
        return response;
    });
}

std::string json_line(const StationAnswer& answer) {
    return line_of(answer, [](const library::StationMatches& found) {
        return boost::json::value_from(api::wire::station_search_response(found, Uuid::random().to_string()))
            .as_object();
    });
}

void print_answer(const ClipAnswer& answer, library::Places places, Heading heading) {
    if (!print_heading(answer, heading)) return;
    const std::string_view indent = indent_of(heading);
    const library::Identification& found = *answer.found;
    if (found.exact) print_exact(*found.exact, places, indent);
    if (found.vibe) print_sounds(*found.vibe, found.exact.has_value(), indent);
}

void print_answer(const StationAnswer& answer, Heading heading) {
    if (!print_heading(answer, heading)) return;
    const std::string_view indent = indent_of(heading);
    if (answer.found->matches.empty())
        print_line(
            fmt::format("{}no station has played it; a stream can be half a minute late, so try again then", indent));
    for (const auto& match : answer.found->matches) {
        print_line(fmt::format("{}{}", indent, one_line(match.station.name)));
        // The times of a file that is heard faster than it plays may lie ahead.
        const auto ago = match.seconds_behind < 0
                             ? std::string()
                             : fmt::format("its end was {} ago, ", duration_text(match.seconds_behind));
        print_line(fmt::format("{}  played it at {} UTC; {}{}", indent,
                               moment_text(catalog::timestamp_to_text(match.played_at)), ago,
                               confidence_text(match.confidence)));
    }
}

}  // namespace audio_ident::cli
