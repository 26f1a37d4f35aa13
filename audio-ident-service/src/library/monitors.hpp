#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/monitor_store.hpp"

// Stations that the service listens to: what a door checks before it changes them.

namespace audio_ident::library {

inline constexpr std::size_t kMostMonitors = 64;

/// What is asked for of a new monitor.
struct NewMonitor {
    std::string name;
    std::string source;
    double min_confidence = 0.5;
};
/// Adds it, and returns its row. Fails with invalid_input when the name is empty, too long or taken, when the source is
/// none, and when there are kMostMonitors already.
Result<catalog::MonitorRow> add_monitor(catalog::MonitorStore& store, const NewMonitor& wanted,
                                        const Deadline& deadline);

struct MonitorChange {
    std::optional<std::string> name = {};
    std::optional<std::string> source = {};
    std::optional<double> min_confidence = {};
    std::optional<bool> paused = {};
};
/// Returns the row as it is then; nullopt when there is no such monitor. Fails like add_monitor().
Result<std::optional<catalog::MonitorRow>> change_monitor(catalog::MonitorStore& store, const Uuid& id,
                                                          const MonitorChange& change, const Deadline& deadline);

/// The monitor with this name, or with this id.
Result<std::optional<catalog::MonitorRow>> find_monitor(catalog::MonitorStore& store, const std::string& name_or_id,
                                                        const Deadline& deadline);

/// Reads a time in UTC: "2026-11-28" (when that day begins), "2026-11-28T09:30", "2026-11-28T09:30:15", each of the
/// latter with or without a Z. nullopt for anything else.
std::optional<catalog::Timestamp> time_from(std::string_view text);

}  // namespace audio_ident::library
