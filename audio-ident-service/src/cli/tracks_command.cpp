#include <boost/describe.hpp>
#include <boost/describe/enum_from_string.hpp>
#include <boost/json/object.hpp>

#include "api/search_types.hpp"
#include "catalog/timestamp_text.hpp"
#include "cli/command.hpp"
#include "cli/find_track.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "ingest/commit/file_notes.hpp"
#include "util/json.hpp"
#include "util/path_text.hpp"

namespace audio_ident::cli {
namespace {

using ingest::damage_text;

struct ListArguments {
    std::string search;
    std::string sort = "added";
    std::string order;
    bool damaged = false;
    std::int64_t page = 1;
    std::int64_t per_page = 50;
};

struct RemoveArguments {
    std::vector<std::string> tracks;  ///< ids or paths
    bool yes = false;
    int wait_seconds = 0;
};

/// The enumerator of this name; absent when there is none.
template <typename Enum>
std::optional<Enum> named(const std::string& name) {
    Enum value{};
    return boost::describe::enum_from_string(name.c_str(), value) ? std::optional(value) : std::nullopt;
}

template <typename T>
boost::json::value or_null(const std::optional<T>& value) {
    return value ? boost::json::value(*value) : boost::json::value(nullptr);
}

boost::json::object info_json(const catalog::Track& track) {
    auto object = boost::json::value_from(api::wire::track_info(track)).as_object();
    object["file_path"] = track.file_path;
    return object;
}

boost::json::object detail_json(const catalog::Track& track) {
    auto object = info_json(track);
    object["sample_rate"] = or_null(track.sample_rate);
    object["channels"] = or_null(track.channels);
    object["bitrate"] = or_null(track.bitrate);
    object["format"] = or_null(track.format);
    object["audio_stream"] = or_null(track.audio_stream);
    object["audio_streams"] = or_null(track.audio_streams);
    object["stated_seconds"] = or_null(track.stated_seconds);
    object["damaged_frames"] = track.damaged_frames;
    object["kin_id"] = track.kin ? boost::json::value(track.kin->to_string()) : boost::json::value(nullptr);
    object["file_hash_sha256"] = track.file_hash_sha256;
    object["file_size_bytes"] = track.file_size_bytes;
    object["fingerprint_indexed"] = track.fingerprint_indexed;
    object["embedding_model"] = or_null(track.embedding_model);
    object["embedding_dim"] = or_null(track.embedding_dim);
    boost::json::object tags;
    for (const auto& tag : track.tags) tags[tag.name] = tag.probability;
    object["tags"] = std::move(tags);
    object["state"] = track.state == catalog::TrackState::ready ? "ready" : "pending";
    object["updated_at"] = catalog::timestamp_to_text(track.updated_at);
    return object;
}

ExitCode list(Invocation& invocation, const ListArguments& arguments) {
    const auto page =
        invocation.library().list({.search = arguments.search,
                                   .state = catalog::TrackState::ready,
                                   .which = arguments.damaged ? catalog::Which::damaged : catalog::Which::all,
                                   .sort = *named<catalog::TrackSort>(arguments.sort),
                                   .order = named<catalog::SortOrder>(arguments.order),
                                   .offset = (arguments.page - 1) * arguments.per_page,
                                   .limit = arguments.per_page},
                                  invocation.deadline());
    if (!page) return fail_with(page.error());
    const auto pages = (page->total + arguments.per_page - 1) / arguments.per_page;

    if (invocation.json()) {
        boost::json::array items;
        for (const auto& track : page->tracks) items.push_back(info_json(track));
        print_line(util::json_text(boost::json::object{{"items", std::move(items)},
                                                       {"total", page->total},
                                                       {"page", arguments.page},
                                                       {"per_page", arguments.per_page},
                                                       {"pages", pages}}));
        return ExitCode::fine;
    }
    for (const auto& track : page->tracks) {
        print_line(
            fmt::format("{}  {:>8}  {}", track.id.to_string(), time_text(track.duration_seconds), name_text(track)));
        if (arguments.damaged) print_line(fmt::format("    {}: {}", one_line(track.file_path), damage_text(track)));
    }
    note("{}, page {} of {}", count_text(page->total, "track"), arguments.page, std::max<std::int64_t>(pages, 1));
    return ExitCode::fine;
}

void print_details(const catalog::Track& track, const boost::json::object& details) {
    for (const auto& [key, value] : details) {
        if (value.is_null() || (key == "tags" && track.tags.empty())) continue;
        const std::string text = key == "tags"       ? tags_text(track.tags, track.tags.size())
                                 : value.is_string() ? std::string(value.get_string())
                                                     : util::json_text(value);
        print_line(fmt::format("{:<20} {}", std::string_view(key), one_line(text)));
    }
}

ExitCode show(Invocation& invocation, const std::string& name) {
    const auto track = find_track(invocation.library(), name, invocation.deadline());
    if (!track) return fail_with(track.error());
    if (!*track) {
        note_no_track(name);
        return ExitCode::fatal;
    }
    const auto details = detail_json(**track);
    if (invocation.json()) print_line(util::json_text(details));
    else print_details(**track, details);
    return ExitCode::fine;
}

struct Named {
    std::vector<TrackId> tracks;
    std::vector<std::string> unknown;
};

/// Finds the tracks of these names, and prints a note for each.
Result<Named> find_named(Invocation& invocation, const std::vector<std::string>& names) {
    Named named;
    std::vector<std::string> notes;
    for (const auto& name : names) {
        const auto track = find_track(invocation.library(), name, invocation.deadline());
        if (!track) return forward(track);
        if (*track) {
            named.tracks.push_back((*track)->id);
            notes.push_back((*track)->id.to_string() + "  " + name_text(**track));
        } else {
            named.unknown.push_back(util::path_to_text(name));
        }
    }
    for (const auto& name : named.unknown) note("no track has the id or path {}", one_line(name));
    if (!named.tracks.empty()) {
        for (const auto& line : notes) print_note(line);
    }
    return named;
}

ExitCode remove(Invocation& invocation, const RemoveArguments& arguments) {
    const auto named = find_named(invocation, arguments.tracks);
    if (!named) return fail_with(named.error());
    if (named->tracks.empty()) return ExitCode::some_failed;
    const auto question = fmt::format("Remove {} from the library? The audio files stay.",
                                      count_text(static_cast<std::int64_t>(named->tracks.size()), "track"));
    if (!arguments.yes && !confirmed(question)) return ExitCode::fatal;
    const auto removed = invocation.library().remove(
        named->tracks, library::Uploads::keep, invocation.turn("audio-ident tracks remove", arguments.wait_seconds));
    if (!removed) return fail_with(removed.error());
    if (invocation.json()) {
        boost::json::array not_found(named->unknown.begin(), named->unknown.end());
        print_line(util::json_text(boost::json::object{{"removed", *removed}, {"not_found", std::move(not_found)}}));
    } else {
        print_line(count_text(static_cast<std::int64_t>(*removed), "track") + " removed");
    }
    return named->unknown.empty() ? ExitCode::fine : ExitCode::some_failed;
}

void add_list(Command& tracks) {
    auto& command = tracks.add_command("list", "List tracks, newest first unless sorted");
    auto arguments = std::make_shared<ListArguments>();
    command.add({.names = "--search",
                 .into = &arguments->search,
                 .help = "Only tracks with this text in title or artist; case does not matter",
                 .type_name = "TEXT"});
    command.add({.names = "--sort",
                 .into = &arguments->sort,
                 .help = "Sort by added (default), title, artist, album or duration",
                 .type_name = "WHAT",
                 .one_of = {"added", "title", "artist", "album", "duration"}});
    command.add({.names = "--order",
                 .into = &arguments->order,
                 .help = "asc or desc (default: newest first, A to Z, shortest first)",
                 .type_name = "ORDER",
                 .one_of = {"asc", "desc"}});
    command.add({.names = "--damaged",
                 .into = &arguments->damaged,
                 .help = "Only tracks whose file ends early or is damaged, each with what is wrong"});
    command.add({.names = "--page",
                 .into = &arguments->page,
                 .help = "Number of the page (default 1)",
                 .type_name = "N",
                 .range = std::pair(1, 1'000'000'000)});
    command.add({.names = "--per-page",
                 .into = &arguments->per_page,
                 .help = "Tracks per page (default 50)",
                 .type_name = "1-500",
                 .range = std::pair(1, 500)});
    command.run = [arguments](Invocation& invocation) { return list(invocation, *arguments); };
}

void add_show(Command& tracks) {
    auto& command = tracks.add_command("show", "Show everything that the library knows about a track");
    auto name = std::make_shared<std::string>();
    command.add({.names = "track",
                 .into = name.get(),
                 .help = "Id of the track, or path of its file",
                 .type_name = "ID|PATH",
                 .required = true});
    command.run = [name](Invocation& invocation) { return show(invocation, *name); };
}

void add_remove(Command& tracks) {
    auto& command = tracks.add_command("remove", "Remove tracks from the library; their audio files stay");
    auto arguments = std::make_shared<RemoveArguments>();
    command.add({.names = "tracks",
                 .into = &arguments->tracks,
                 .help = "Ids, or paths of files",
                 .type_name = "ID|PATH...",
                 .required = true});
    command.add({.names = "--yes,-y", .into = &arguments->yes, .help = "Do not ask"});
    add_wait_option(command, arguments->wait_seconds);
    command.run = [arguments](Invocation& invocation) { return remove(invocation, *arguments); };
}

}  // namespace

void add_tracks_command(Command& root) {
    auto& tracks = root.add_command("tracks", "List, show and remove tracks");
    tracks.footer =
        "Examples:\n"
        "  audio-ident tracks list --search beethoven\n"
        "  audio-ident tracks list --sort artist --per-page 500\n"
        "  audio-ident tracks show ~/Music/song.mp3\n"
        "  audio-ident tracks remove --yes 0f8fad5b-d9cb-469f-a165-70867728950e";
    add_list(tracks);
    add_show(tracks);
    add_remove(tracks);
}

}  // namespace audio_ident::cli
