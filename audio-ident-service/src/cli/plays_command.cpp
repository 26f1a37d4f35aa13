#include <boost/describe/enum_from_string.hpp>
#include <iostream>
#include <map>

#include "api/monitor_types.hpp"
#include "catalog/timestamp_text.hpp"
#include "cli/command.hpp"
#include "cli/find_monitor.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "library/monitors.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

struct PlaysArguments {
    std::string monitor;
    std::string track;
    std::string from;
    std::string to;
    std::string format = "table";
    std::string totals;
    int limit = 0;
};

constexpr std::int64_t kBatch = 1000;
constexpr std::int64_t kMostTotals = 1000;

Result<std::optional<catalog::PlayFilter>> filter_of(Invocation& invocation, catalog::MonitorStore& store,
                                                     const PlaysArguments& arguments) {
    catalog::PlayFilter filter;
    if (!arguments.track.empty()) filter.track = TrackId::parse(arguments.track);
    if (!arguments.from.empty()) filter.from = library::time_from(arguments.from);
    if (!arguments.to.empty()) filter.to = library::time_from(arguments.to);
    if (arguments.monitor.empty()) return filter;
    const auto monitor = library::find_monitor(store, arguments.monitor, invocation.deadline());
    if (!monitor) return forward(monitor);
    if (!*monitor) return std::nullopt;
    filter.monitor = (*monitor)->id;
    return filter;
}

/// Newest first.
Result<std::vector<api::wire::Play>> all_plays(Invocation& invocation, catalog::MonitorStore& store,
                                               const catalog::PlayFilter& filter, std::int64_t most) {
    const auto monitors = store.list(invocation.deadline());
    if (!monitors) return forward(monitors);
    std::map<Uuid, std::string> names;
    for (const auto& row : *monitors) names[row.id] = row.name;
    std::vector<api::wire::Play> plays;
    while (most == 0 || static_cast<std::int64_t>(plays.size()) < most) {
        const auto page = store.plays(filter, static_cast<std::int64_t>(plays.size()), kBatch, invocation.deadline());
        if (!page) return forward(page);
        if (page->plays.empty()) break;
        for (const auto& row : page->plays) plays.push_back(api::play_of(row, names[row.monitor]));
    }
    if (most > 0 && static_cast<std::int64_t>(plays.size()) > most) plays.resize(static_cast<std::size_t>(most));
    return plays;
}

std::string name_of(const std::string& title, const std::optional<std::string>& artist) {
    return one_line(artist ? *artist + " – " + title : title);
}

void print_table(const std::vector<api::wire::Play>& plays) {
    for (auto play = plays.rbegin(); play != plays.rend(); ++play) {
        print_line(fmt::format("{} – {}  {}  {}, {}{}{}", moment_text(play->started_at), play->ended_at.substr(11, 8),
                               one_line(play->monitor), name_of(play->title, play->artist),
                               confidence_text(play->confidence),
                               play->gaps.empty() ? "" : ", " + count_text(std::ssize(play->gaps), "gap"),
                               play->final ? "" : ", may still change"));
    }
}

ExitCode print_totals(Invocation& invocation, catalog::MonitorStore& store, const catalog::PlayFilter& filter,
                      const PlaysArguments& arguments) {
    catalog::TotalsBy by{};
    boost::describe::enum_from_string(arguments.totals.c_str(), by);
    const auto totals =
        store.totals(filter, by, arguments.limit > 0 ? arguments.limit : kMostTotals, invocation.deadline());
    if (!totals) return fail_with(totals.error());
    for (const auto& total : *totals) {
        const auto words = api::play_total_of(total);
        if (invocation.json() || arguments.format == "json") print_line(util::json_text_of(words));
        else
            print_line(fmt::format("{:>6}  {:>12}  {}", words.plays, duration_text(words.seconds),
                                   words.name.empty() ? "(no artist)" : name_of(words.name, words.artist)));
    }
    return ExitCode::fine;
}

ExitCode plays(Invocation& invocation, const PlaysArguments& arguments) {
    const auto store = invocation.library().monitors(invocation.deadline());
    if (!store) return fail_with(store.error());
    const auto filter = filter_of(invocation, **store, arguments);
    if (!filter) return fail_with(filter.error());
    if (!*filter) return no_monitor(arguments.monitor);
    if (!arguments.totals.empty()) return print_totals(invocation, **store, **filter, arguments);
    const auto found = all_plays(invocation, **store, **filter, arguments.limit);
    if (!found) return fail_with(found.error());
    if (arguments.format == "csv") {
        std::cout << api::plays_csv(*found);
    } else if (invocation.json() || arguments.format == "json") {
        for (auto play = found->rbegin(); play != found->rend(); ++play) print_line(util::json_text_of(*play));
    } else {
        print_table(*found);
        note("{}", count_text(std::ssize(*found), "play"));
    }
    return ExitCode::fine;
}

std::string time_problem(const std::string& text) {
    return library::time_from(text) ? std::string() : "needs a day or a time in UTC, such as 2026-11-28T09:30";
}

}  // namespace

void add_plays_command(Command& root) {
    auto& command = root.add_command("plays", "List what the monitored stations played");
    auto arguments = std::make_shared<PlaysArguments>();
    command.add(
        {.names = "--monitor", .into = &arguments->monitor, .help = "Only of this monitor", .type_name = "NAME|ID"});
    command.add({.names = "--track",
                 .into = &arguments->track,
                 .help = "Only of this track",
                 .type_name = "ID",
                 .problem = [](const std::string& text) {
                     return TrackId::parse(text) ? std::string() : "needs the id of a track";
                 }});
    command.add({.names = "--from",
                 .into = &arguments->from,
                 .help = "Plays that began then or later, in UTC: 2026-11-28, or 2026-11-28T09:30",
                 .type_name = "TIME",
                 .problem = time_problem});
    command.add({.names = "--to",
                 .into = &arguments->to,
                 .help = "Plays that began before",
                 .type_name = "TIME",
                 .problem = time_problem});
    command.add({.names = "--format",
                 .into = &arguments->format,
                 .help = "How to print them",
                 .one_of = {"table", "csv", "json"}});
    command.add({.names = "--totals",
                 .into = &arguments->totals,
                 .help = "Count the plays of each instead",
                 .one_of = {"track", "artist", "day"}});
    command.add({.names = "--limit",
                 .into = &arguments->limit,
                 .help = "At most so many, the newest; 0: all",
                 .type_name = "N",
                 .range = std::pair(0, 1'000'000'000)});
    command.footer =
        "Examples:\n"
        "  audio-ident plays --monitor \"Radio One\" --from 2026-11-01 --format csv > plays.csv\n"
        "  audio-ident plays --totals artist --from 2026-11-01 --to 2026-12-01";
    command.run = [arguments](Invocation& invocation) { return plays(invocation, *arguments); };
}

}  // namespace audio_ident::cli
