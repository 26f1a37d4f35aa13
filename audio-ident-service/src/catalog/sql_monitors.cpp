#include "catalog/sql_monitors.hpp"

#include <algorithm>

#include "catalog/monitor_sql.hpp"
#include "catalog/run_sql.hpp"
#include "catalog/timestamp_text.hpp"

namespace audio_ident::catalog {
namespace {

/// "a = :a, b = :b", bound.
template <typename Each>
std::string bind_changes(lib::Query& query, Each each) {
    std::string changes;
    each([&](const std::string& name, auto& value) {
        query.use(value, name);
        changes += (changes.empty() ? "" : ", ") + name + " = :" + name;
    });
    return changes;
}

Unexpected refused(const MonitorRow& row) {
    return fail(ErrorKind::invalid_input, "there is a monitor \"{}\" already, or a value is too long", row.name);
}

}  // namespace

void SqlMonitors::insert(lib::Connection& connection, const MonitorRow& row) {
    put(connection, MonitorRecord(row), Known::refused);
}

Result<void> SqlMonitors::add(const MonitorRow& row, const Deadline& deadline) {
    auto added =
        run_sql<void>(backend_, writer_, deadline, [&](lib::Connection& connection) { insert(connection, row); });
    if (added || added.error().kind != ErrorKind::invalid_input) return added;
    return refused(row);
}

Result<bool> SqlMonitors::change(const MonitorRow& row, const Deadline& deadline) {
    auto changed = run_sql<bool>(backend_, writer_, deadline, [&](lib::Connection& connection) {
        MonitorRecord record(row);
        std::string id = row.id.to_string();
        lib::Query query(connection.session());
        const auto changes = bind_changes(query, [&](auto visit) { record.each_chosen_column(visit); });
        query.use(id, "id");
        return query.change("UPDATE monitors SET " + changes + ", status = 'waiting', detail = NULL WHERE id = :id") >
               0;
    });
    if (changed || changed.error().kind != ErrorKind::invalid_input) return changed;
    return refused(row);
}

bool SqlMonitors::write_note(lib::Connection& connection, const Uuid& id, const std::string& keeper,
                             const MonitorNow& now) {
    MonitorRow row;
    row.now = now;
    MonitorRecord record(row);
    std::string key = id.to_string();
    std::string who = keeper;
    lib::Query query(connection.session());
    const auto changes = bind_changes(query, [&](auto visit) { record.each_noted_column(visit); });
    query.use(key, "id").use(who, "keeper");
    return query.change("UPDATE monitors SET " + changes + " WHERE id = :id AND keeper = :keeper") > 0;
}

Result<bool> SqlMonitors::note(const Uuid& id, const std::string& keeper, const MonitorNow& now,
                               const Deadline& deadline) {
    return run_sql<bool>(backend_, writer_, deadline,
                         [&](lib::Connection& connection) { return write_note(connection, id, keeper, now); });
}

Result<bool> SqlMonitors::remove(const Uuid& id, const Deadline& deadline) {
    return run_sql<bool>(backend_, writer_, deadline, [&](lib::Connection& connection) {
        lib::Transaction transaction(connection, backend_.dialect().begin_write);
        remove_plays(connection, "monitor_id = :value", id.to_string());
        remove_where(connection, "outages", "monitor_id = :value", id.to_string());
        remove_where(connection, "sound_plays", "sound_id IN (SELECT id FROM sounds WHERE monitor_id = :value)",
                     id.to_string());
        remove_where(connection, "sounds", "monitor_id = :value", id.to_string());
        const bool found = remove_where(connection, "monitors", "id = :value", id.to_string()) > 0;
        transaction.commit();
        return found;
    });
}

std::vector<MonitorRow> SqlMonitors::rows(lib::Connection& connection, const std::string& condition,
                                          const std::string& value) const {
    return select_rows<MonitorRecord>(connection, backend_.dialect(), condition + " ORDER BY monitors.name", value);
}

Result<std::optional<MonitorRow>> SqlMonitors::find(const Uuid& id, const Deadline& deadline) {
    using Found = std::optional<MonitorRow>;
    return run_sql<Found>(backend_, readers_, deadline, [&](lib::Connection& connection) -> Found {
        auto found = rows(connection, "WHERE id = :value", id.to_string());
        return found.empty() ? std::nullopt : Found(std::move(found.front()));
    });
}

Result<std::vector<MonitorRow>> SqlMonitors::list(const Deadline& deadline) {
    return run_sql<std::vector<MonitorRow>>(backend_, readers_, deadline,
                                            [&](lib::Connection& connection) { return rows(connection, "", ""); });
}

Result<KeptMonitors> SqlMonitors::claim(const std::string& keeper, Timestamp now, Timestamp until,
                                        const Deadline& deadline) {
    return run_sql<KeptMonitors>(backend_, writer_, deadline, [&](lib::Connection& connection) {
        lib::Transaction transaction(connection, backend_.dialect().begin_write);
        const auto before = rows(connection, "WHERE keeper = :value", keeper);
        std::string who = keeper;
        std::string at = timestamp_to_text(now);
        std::string end = timestamp_to_text(until);
        lib::Query(connection.session())
            .use(who, "keeper")
            .use(who, "keeper_again")
            .use(end, "end_time")
            .use(at, "now_time")
            .change(
                "UPDATE monitors SET keeper = :keeper, kept_until = :end_time"
                " WHERE keeper IS NULL OR keeper = :keeper_again OR kept_until < :now_time");
        KeptMonitors kept{rows(connection, "WHERE keeper = :value", keeper), {}};
        transaction.commit();
        for (const MonitorRow& row : kept.rows) {
            if (std::ranges::find(before, row.id, &MonitorRow::id) == before.end()) kept.taken.push_back(row.id);
        }
        return kept;
    });
}

}  // namespace audio_ident::catalog
