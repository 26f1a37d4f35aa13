#pragma once

#include <string>
#include <vector>

#include "catalog/monitor_record.hpp"
#include "catalog/sql_backend.hpp"

// What the SQL of monitors and that of their plays share. All throw, inside the caller's transaction.

namespace audio_ident::catalog {

inline const char* table_of(const MonitorRecord&) {
    return "monitors";
}
inline const char* table_of(const PlayRecord&) {
    return "plays";
}
inline const char* table_of(const OutageRecord&) {
    return "outages";
}
inline const char* table_of(const SoundRecord&) {
    return "sounds";
}
inline const char* table_of(const SoundPlayRecord&) {
    return "sound_plays";
}

/// Whether a known row gets this column from one that replaces it.
template <typename Record>
bool is_replaced(const Record&, const std::string&) {
    return true;
}
inline bool is_replaced(const SoundRecord&, const std::string& column) {
    return column != "track_id";
}

enum class Known { refused, replaced };

template <typename Record>
void put(lib::Connection& connection, Record record, Known known) {
    lib::Query query(connection.session());
    std::string names;
    std::string values;
    std::string changes;
    record.each_column([&](const std::string& name, auto& value) {
        query.use(value, name);
        names += (names.empty() ? "" : ", ") + name;
        values += (values.empty() ? ":" : ", :") + name;
        if (is_replaced(record, name)) changes += (changes.empty() ? "" : ", ") + name + " = excluded." + name;
    });
    query.change(std::string("INSERT INTO ") + table_of(record) + " (" + names + ") VALUES (" + values + ")" +
                 (known == Known::replaced ? " ON CONFLICT (id) DO UPDATE SET " + changes : ""));
}

inline long long remove_where(lib::Connection& connection, const std::string& table, const std::string& condition,
                              std::string value) {
    return lib::Query(connection.session()).use(value, "value").change("DELETE FROM " + table + " WHERE " + condition);
}

/// Such plays wait for the webhook no more.
inline long long remove_plays(lib::Connection& connection, const std::string& condition, const std::string& value) {
    remove_where(connection, "deliveries", "play_id IN (SELECT id FROM plays WHERE " + condition + ")", value);
    return remove_where(connection, "plays", condition, value);
}

/// In a transaction that writes, it stays so until the end.
inline bool is_kept_by(lib::Connection& connection, const Uuid& monitor, std::string keeper) {
    std::string id = monitor.to_string();
    long long count = 0;
    lib::Query query(connection.session());
    query.use(id, "id").use(keeper, "keeper").into(count);
    query.select("SELECT count(*) FROM monitors WHERE id = :id AND keeper = :keeper");
    return query.next() && count > 0;
}

/// "a, b", times as text.
template <typename Record>
std::string columns_of(const SqlDialect& dialect) {
    std::string columns;
    Record().each_column([&](const std::string& name, auto&) {
        columns += columns.empty() ? "" : ", ";
        columns += name.ends_with("_at") ? dialect.timestamp_text(name) : name;
    });
    return columns;
}

/// "SELECT a, b FROM table ".
template <typename Record>
std::string select_columns(const SqlDialect& dialect) {
    return "SELECT " + columns_of<Record>(dialect) + " FROM " + table_of(Record()) + " ";
}

/// The rows for which `rest`, a condition and an order, asks; it contains :value unless `value` is empty.
template <typename Record>
auto select_rows(lib::Connection& connection, const SqlDialect& dialect, const std::string& rest, std::string value) {
    Record record;
    std::vector<decltype(record.row())> rows;
    lib::Query query(connection.session());
    if (!value.empty()) query.use(value, "value");
    record.each_column([&](const std::string&, auto& column) { query.into(column); });
    query.select(select_columns<Record>(dialect) + rest);
    while (query.next()) rows.push_back(record.row());
    return rows;
}

}  // namespace audio_ident::catalog
