#include "api/constraints.hpp"
#include "api/ingest_roots.hpp"
#include "api/monitor_types.hpp"
#include "api/request_parts.hpp"
#include "api/routes.hpp"
#include "http/error_mapping.hpp"
#include "http/openapi.hpp"
#include "library/monitors.hpp"
#include "monitor/feed/feed.hpp"
#include "util/json.hpp"

namespace audio_ident::api {
namespace {

using http::Request;
using http::Response;
using http::Route;

constexpr std::int64_t kMostOutages = 100;

Unexpected no_monitor(const Uuid& id) {
    return Unexpected(http::not_found("there is no monitor " + id.to_string()));
}

template <typename Answer>
Response current(const Answer& answer, unsigned status = 200) {
    return http::json_response(util::json_text_of(answer), status).with("Cache-Control", "no-store");
}

/// Calls `answer(store, deadline)`.
template <typename Answer>
Result<Response> with_store(library::Library& library, const Request& request, const Answer& answer) {
    const auto deadline = store_deadline(request);
    const auto store = library.monitors(deadline);
    if (!store) return forward(store);
    return answer(**store, deadline);
}

/// Calls `answer(store, id, deadline)` for the monitor that the path's {id} names.
template <typename Answer>
Result<Response> with_monitor(library::Library& library, const Request& request, const Answer& answer) {
    const auto id = id_in_path(request);
    if (!id) return forward(id);
    return with_store(library, request, [&](catalog::MonitorStore& store, const Deadline& deadline) {
        return answer(store, *id, deadline);
    });
}

/// The source as it is kept. A client may name only files below the folders that it may ingest; their links are
/// resolved.
Result<std::string> allowed_source(const std::string& source, const IngestRules& rules) {
    const auto kind = monitor::kind_of(source);
    if (!kind) return http::invalid_field("source", "must be a URL, or the absolute path of a file or named pipe");
    if (*kind == monitor::SourceKind::url) return source;
    const auto allowed = allowed_file_or_pipe(monitor::path_of(source), rules.roots);
    if (!allowed) return forward(allowed);
    return allowed->string();
}

Result<Response> list(library::Library& library, const Request& request) {
    return with_store(library, request, [](auto& store, const Deadline& deadline) -> Result<Response> {
        const auto rows = store.list(deadline);
        if (!rows) return forward(rows);
        wire::MonitorList list;
        for (const auto& row : *rows) list.items.push_back(monitor_of(row));
        return current(list);
    });
}

Result<Response> add(library::Library& library, const IngestRules& rules, const Request& request) {
    const auto form = read_fields<wire::MonitorForm>(request.form);
    if (!form) return forward(form);
    if (!form->name) return http::invalid_field("name", "is missing");
    if (!form->source) return http::invalid_field("source", "is missing");
    const auto source = allowed_source(*form->source, rules);
    if (!source) return forward(source);
    return with_store(library, request, [&](auto& store, const Deadline& deadline) -> Result<Response> {
        const auto row = library::add_monitor(store, {*form->name, *source, form->min_confidence}, deadline);
        if (!row) return forward(row);
        return current(monitor_of(*row), 201).with("Location", "/api/v1/monitors/" + row->id.to_string());
    });
}

Result<Response> show(library::Library& library, const Request& request) {
    return with_monitor(library, request,
                        [](auto& store, const Uuid& id, const Deadline& deadline) -> Result<Response> {
                            const auto row = store.find(id, deadline);
                            if (!row) return forward(row);
                            if (!*row) return no_monitor(id);
                            return current(monitor_of(**row));
                        });
}

Result<library::MonitorChange> change_in(const Request& request, const IngestRules& rules) {
    const auto form = read_fields<wire::MonitorChangeForm>(request.form);
    if (!form) return forward(form);
    if (!form->name && !form->source && !form->min_confidence && !form->paused)
        return http::invalid_field("name", "or another field is needed");
    library::MonitorChange change{form->name, std::nullopt, form->min_confidence, form->paused};
    if (form->source) {
        auto source = allowed_source(*form->source, rules);
        if (!source) return forward(source);
        change.source = std::move(*source);
    }
    return change;
}

Result<Response> change_one(library::Library& library, const IngestRules& rules, const Request& request) {
    return with_monitor(library, request,
                        [&](auto& store, const Uuid& id, const Deadline& deadline) -> Result<Response> {
                            const auto change = change_in(request, rules);
                            if (!change) return forward(change);
                            const auto row = library::change_monitor(store, id, *change, deadline);
                            if (!row) return forward(row);
                            if (!*row) return no_monitor(id);
                            return current(monitor_of(**row));
                        });
}

Result<Response> remove(library::Library& library, const Request& request) {
    return with_monitor(library, request,
                        [](auto& store, const Uuid& id, const Deadline& deadline) -> Result<Response> {
                            const auto removed = store.remove(id, deadline);
                            if (!removed) return forward(removed);
                            if (!*removed) return no_monitor(id);
                            Response response;
                            response.status = 204;
                            return response;
                        });
}

Result<Response> outages(library::Library& library, const Request& request) {
    return with_monitor(library, request,
                        [](auto& store, const Uuid& id, const Deadline& deadline) -> Result<Response> {
                            const auto row = store.find(id, deadline);
                            if (!row) return forward(row);
                            if (!*row) return no_monitor(id);
                            const auto found = store.outages(id, kMostOutages, deadline);
                            if (!found) return forward(found);
                            wire::OutageList list;
                            for (const auto& outage : *found) list.items.push_back(outage_of(outage));
                            return current(list);
                        });
}

Route list_route(library::Library& library) {
    return {.method = "GET",
            .pattern = "/api/v1/monitors",
            .handle = [&library](const Request& request) { return list(library, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("listMonitors", "List the stations that the service listens to, by name")
                        .answers<wire::MonitorList>(200, "All monitors");
                }};
}

Route add_route(library::Library& library, const IngestRules& rules) {
    return {.method = "POST",
            .pattern = "/api/v1/monitors",
            .access = http::Access::write,
            .form = http::FormRules{},
            .handle = [&library, rules](const Request& request) { return add(library, rules, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("addMonitor", "Listen to a station, and keep a log of what it plays")
                        .fields<wire::MonitorForm>({"name", "source"})
                        .answers<wire::Monitor>(201, "The monitor")
                        .fails({404})
                        .writes();
                }};
}

Route show_route(library::Library& library) {
    return {.method = "GET",
            .pattern = "/api/v1/monitors/{id}",
            .handle = [&library](const Request& request) { return show(library, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("getMonitor", "Get a monitor and how it is")
                        .id("monitor")
                        .answers<wire::Monitor>(200, "The monitor")
                        .fails({404});
                }};
}

Route change_route(library::Library& library, const IngestRules& rules) {
    return {.method = "PATCH",
            .pattern = "/api/v1/monitors/{id}",
            .access = http::Access::write,
            .form = http::FormRules{},
            .handle = [&library, rules](const Request& request) { return change_one(library, rules, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("changeMonitor", "Rename, pause or resume a monitor, or give it another source")
                        .id("monitor")
                        .fields<wire::MonitorChangeForm>({})
                        .answers<wire::Monitor>(200, "The monitor as it is now")
                        .fails({404})
                        .writes();
                }};
}

Route remove_route(library::Library& library) {
    return {.method = "DELETE",
            .pattern = "/api/v1/monitors/{id}",
            .access = http::Access::write,
            .handle = [&library](const Request& request) { return remove(library, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("deleteMonitor", "Remove a monitor with its log")
                        .id("monitor")
                        .answers(204, "The monitor was removed")
                        .fails({404})
                        .writes();
                }};
}

Route outages_route(library::Library& library) {
    return {.method = "GET",
            .pattern = "/api/v1/monitors/{id}/outages",
            .handle = [&library](const Request& request) { return outages(library, request); },
            .describe =
                [](http::Operation& operation) {
                    operation
                        .summary("listOutages", "List when the station could not be heard: the last 100, latest first")
                        .id("monitor")
                        .answers<wire::OutageList>(200, "The outages")
                        .fails({404});
                }};
}

}  // namespace

std::vector<Route> monitor_routes(library::Library& library, const IngestRules& rules) {
    return {list_route(library),          add_route(library, rules), show_route(library),
            change_route(library, rules), remove_route(library),     outages_route(library)};
}

}  // namespace audio_ident::api
