#include <map>

#include "api/constraints.hpp"
#include "api/monitor_types.hpp"
#include "api/request_parts.hpp"
#include "api/routes.hpp"
#include "http/content_disposition.hpp"
#include "http/error_mapping.hpp"
#include "http/openapi.hpp"
#include "library/monitors.hpp"
#include "util/json.hpp"

namespace audio_ident::api {
namespace {

using http::Request;
using http::Response;
using http::Route;

constexpr std::int64_t kMostInExport = 100'000;

/// The names of all monitors.
using MonitorNames = std::map<Uuid, std::string>;

Result<MonitorNames> names_of(catalog::MonitorStore& store, const Deadline& deadline) {
    const auto rows = store.list(deadline);
    if (!rows) return forward(rows);
    MonitorNames names;
    for (const auto& row : *rows) names[row.id] = row.name;
    return names;
}

Result<std::optional<catalog::Timestamp>> time_in(std::string_view field, const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    const auto time = library::time_from(*text);
    if (!time) return http::invalid_field(field, "must be a day or a time in UTC, such as 2026-11-28T09:30");
    return time;
}

/// Of a query with the fields monitor, track, from and to.
template <typename Query>
Result<catalog::PlayFilter> filter_of(catalog::MonitorStore& store, const Query& query, const Deadline& deadline) {
    catalog::PlayFilter filter;
    if (query.track && !(filter.track = TrackId::parse(*query.track)))
        return http::invalid_field("track", "must be a UUID");
    const auto from = time_in("from", query.from);
    if (!from) return forward(from);
    filter.from = *from;
    const auto to = time_in("to", query.to);
    if (!to) return forward(to);
    filter.to = *to;
    if (!query.monitor) return filter;
    const auto monitor = library::find_monitor(store, *query.monitor, deadline);
    if (!monitor) return forward(monitor);
    if (!*monitor) return Unexpected(http::not_found("there is no such monitor"));
    filter.monitor = (*monitor)->id;
    return filter;
}

/// What a request asks for, and of whom.
template <typename Query>
struct Asked {
    Query query;
    catalog::PlayFilter filter;
    catalog::MonitorStore& store;
    Deadline deadline;
};

template <typename Query>
Result<Asked<Query>> asked_in(library::Library& library, const Request& request) {
    const auto query = read_fields<Query>(request.query);
    if (!query) return forward(query);
    const auto deadline = store_deadline(request);
    const auto store = library.monitors(deadline);
    if (!store) return forward(store);
    const auto filter = filter_of(**store, *query, deadline);
    if (!filter) return forward(filter);
    return Asked<Query>{*query, *filter, **store, deadline};
}

struct FoundPlays {
    std::vector<wire::Play> plays;
    std::int64_t total = 0;
};

template <typename Query>
Result<FoundPlays> find_plays(const Asked<Query>& asked, std::int64_t offset, std::int64_t limit) {
    const auto names = names_of(asked.store, asked.deadline);
    if (!names) return forward(names);
    const auto found = asked.store.plays(asked.filter, offset, limit, asked.deadline);
    if (!found) return forward(found);
    FoundPlays plays{{}, found->total};
    for (const auto& row : found->plays) {
        const auto name = names->find(row.monitor);
        plays.plays.push_back(play_of(row, name == names->end() ? std::string() : name->second));
    }
    return plays;
}

Result<Response> list(library::Library& library, const Request& request) {
    const auto asked = asked_in<wire::PlaysQuery>(library, request);
    if (!asked) return forward(asked);
    const auto page = asked->query.page;
    const auto per_page = asked->query.per_page;
    const auto found = find_plays(*asked, (page - 1) * per_page, per_page);
    if (!found) return forward(found);
    const wire::PlayPage answer{found->plays, found->total, page, per_page, (found->total + per_page - 1) / per_page};
    return http::json_response(util::json_text_of(answer)).with("Cache-Control", "no-store");
}

Result<Response> export_as(library::Library& library, const Request& request) {
    const auto asked = asked_in<wire::PlayExportQuery>(library, request);
    if (!asked) return forward(asked);
    const auto found = find_plays(*asked, 0, kMostInExport);
    if (!found) return forward(found);
    if (found->total > kMostInExport)
        return http::invalid_field("from", fmt::format("and to must leave at most {} plays", kMostInExport));
    const bool is_csv = asked->query.format == wire::PlayFormat::csv;
    Response response;
    response.body = is_csv ? plays_csv(found->plays) : util::json_text_of(wire::PlayList{found->plays});
    return response.with("Content-Type", is_csv ? "text/csv; charset=utf-8" : "application/json")
        .with("Content-Disposition", http::attachment(is_csv ? "plays.csv" : "plays.json"))
        .with("Cache-Control", "no-store");
}

Result<Response> totals(library::Library& library, const Request& request) {
    const auto asked = asked_in<wire::PlayTotalsQuery>(library, request);
    if (!asked) return forward(asked);
    const auto by = static_cast<catalog::TotalsBy>(asked->query.by);
    const auto found = asked->store.totals(asked->filter, by, asked->query.limit, asked->deadline);
    if (!found) return forward(found);
    wire::PlayTotals answer;
    for (const auto& total : *found) answer.items.push_back(play_total_of(total));
    return http::json_response(util::json_text_of(answer)).with("Cache-Control", "no-store");
}

}  // namespace

std::vector<Route> play_routes(library::Library& library) {
    return {{.method = "GET",
             .pattern = "/api/v1/plays",
             .handle = [&library](const Request& request) { return list(library, request); },
             .describe =
                 [](http::Operation& operation) {
                     operation.summary("listPlays", "List what the monitored stations played, newest first")
                         .query<wire::PlaysQuery>()
                         .answers<wire::PlayPage>(200, "A page of plays")
                         .fails({404});
                 }},
            {.method = "GET",
             .pattern = "/api/v1/plays/export",
             .handle = [&library](const Request& request) { return export_as(library, request); },
             .describe =
                 [](http::Operation& operation) {
                     operation.summary("exportPlays", "Get all plays as one file, JSON or CSV")
                         .query<wire::PlayExportQuery>()
                         .answers<wire::PlayList>(200, "The file")
                         .answers(200, "The file", "text/csv", {{"type", "string"}})
                         .fails({404});
                 }},
            {.method = "GET",
             .pattern = "/api/v1/plays/totals",
             .handle = [&library](const Request& request) { return totals(library, request); },
             .describe =
                 [](http::Operation& operation) {
                     operation.summary("countPlays", "Count the plays of each track or artist, or of each day in UTC")
                         .query<wire::PlayTotalsQuery>()
                         .answers<wire::PlayTotals>(200, "Most plays first, or the latest day first")
                         .fails({404});
                 }}};
}

}  // namespace audio_ident::api
