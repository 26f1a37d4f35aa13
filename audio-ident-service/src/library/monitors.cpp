#include "library/monitors.hpp"

#include <algorithm>

#include "catalog/timestamp_text.hpp"
#include "monitor/feed/feed.hpp"
#include "util/utf8.hpp"

namespace audio_ident::library {
namespace {

using catalog::MonitorRow;

constexpr std::size_t kMostNameCharacters = 500;
constexpr std::size_t kMostSourceBytes = 4096;

bool has_control_characters(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

Result<void> check(const MonitorRow& row) {
    if (util::trim_space(row.name).empty()) return fail(ErrorKind::invalid_input, "a monitor needs a name");
    if (!util::is_utf8(row.name) || has_control_characters(row.name) ||
        util::code_point_count(row.name) > kMostNameCharacters)
        return fail(ErrorKind::invalid_input, "the name of a monitor is one line of at most {} characters",
                    kMostNameCharacters);
    if (!util::is_utf8(row.source) || has_control_characters(row.source) || row.source.size() > kMostSourceBytes)
        return fail(ErrorKind::invalid_input, "the source of a monitor is one line of at most {} bytes",
                    kMostSourceBytes);
    const auto kind = monitor::kind_of(row.source);
    return kind ? Result<void>() : forward(kind);
}

}  // namespace

Result<MonitorRow> add_monitor(catalog::MonitorStore& store, const NewMonitor& wanted, const Deadline& deadline) {
    MonitorRow row;
    row.id = Uuid::random();
    row.name = util::trim_space(wanted.name);
    row.source = wanted.source;
    row.min_confidence = wanted.min_confidence;
    row.created_at = row.now.status_at = catalog::current_timestamp();
    if (const auto good = check(row); !good) return forward(good);
    const auto known = store.list(deadline);
    if (!known) return forward(known);
    if (known->size() >= kMostMonitors)
        return fail(ErrorKind::invalid_input, "there are {} monitors already; remove one first", kMostMonitors);
    if (const auto added = store.add(row, deadline); !added) return forward(added);
    return row;
}

Result<std::optional<MonitorRow>> change_monitor(catalog::MonitorStore& store, const Uuid& id,
                                                 const MonitorChange& change, const Deadline& deadline) {
    auto found = store.find(id, deadline);
    if (!found || !*found) return found;
    MonitorRow row = **found;
    if (change.name) row.name = util::trim_space(*change.name);
    if (change.source) row.source = *change.source;
    if (change.min_confidence) row.min_confidence = *change.min_confidence;
    if (change.paused) row.paused = *change.paused;
    if (const auto good = check(row); !good) return forward(good);
    const auto changed = store.change(row, deadline);
    if (!changed) return forward(changed);
    return store.find(id, deadline);
}

Result<std::optional<MonitorRow>> find_monitor(catalog::MonitorStore& store, const std::string& name_or_id,
                                               const Deadline& deadline) {
    auto all = store.list(deadline);
    if (!all) return forward(all);
    const auto id = Uuid::parse(name_or_id);
    for (auto& row : *all) {
        if (row.name == name_or_id || (id && row.id == *id)) return std::move(row);
    }
    return std::nullopt;
}

std::optional<catalog::Timestamp> time_from(std::string_view text) {
    constexpr std::string_view kMidnight = "T00:00:00.000000Z";
    if (text.size() > 11 && text.ends_with('Z')) text.remove_suffix(1);
    if (text.size() != 10 && text.size() != 16 && text.size() != 19) return std::nullopt;
    const auto time = catalog::timestamp_from_text(std::string(text).append(kMidnight.substr(text.size() - 10)));
    return time && *time >= catalog::Timestamp() ? time : std::nullopt;
}

}  // namespace audio_ident::library
