#include "index/postgres/postgres_maps.hpp"

#include <fmt/format.h>
#include <utility>

#include "index/postgres/tables.hpp"

namespace audio_ident::index {

namespace {

using Values = std::vector<lib::PostgresValue>;
using Row = lib::PostgresConnection::Row;

constexpr std::size_t kMostWaitingBytes = std::size_t{16} << 20;
constexpr std::size_t kBytesOfAChange = 64;  // of a key and what holds it

void see_nothing(Row) {}

/// The key of a row whose first columns are the table's.
std::vector<std::byte> key_of(const PostgresTable& table, Row row) {
    std::vector<std::byte> key(row[0]->begin(), row[0]->end());
    if (table.second) key.insert(key.end(), row[1]->begin(), row[1]->end());
    return key;
}

/// "WHERE …" for keys in [first, end), with its parameters. An empty bound is none.
std::string where(const PostgresTable& table, Bytes first, Bytes end, Values& values) {
    std::string condition;
    for (const auto& [bound, comparison] : {std::pair{first, ">="}, std::pair{end, "<"}}) {
        if (bound.empty()) continue;
        condition += condition.empty() ? " WHERE " : " AND ";
        condition += table.compare(comparison, values.size() + 1);
        table.add_key(bound, values);
    }
    return condition;
}

}  // namespace

std::optional<Bytes> PostgresMaps::get(Map map, Bytes key) const {
    flush();
    const PostgresTable& table = PostgresTable::of(map);
    Values values;
    table.add_key(key, values);
    bool there = false;
    connection_.query(fmt::format("SELECT value FROM {} WHERE {}", table.name, table.compare("=", 1)), values,
                      [&](Row row) {
                          there = true;
                          value_.assign(row[0]->begin(), row[0]->end());
                      });
    if (!there) return std::nullopt;
    return value_;
}

void PostgresMaps::get_each(Map map, std::span<const Bytes> keys, const SeeEach& see) const {
    flush();
    if (keys.empty()) return;
    const PostgresTable& table = PostgresTable::of(map);
    Values values;
    table.add_keys(keys, values);
    connection_.query(
        fmt::format("SELECT k.i, t.value FROM {} JOIN {} t ON {}", table.keys_as_k(), table.name, table.equals_k()),
        values, [&](Row row) { see(static_cast<std::size_t>(lib::read_bigint(*row[0]) - 1), *row[1]); });
}

void PostgresMaps::scan(Map map, Bytes first, Bytes end, const See& see) const {
    flush();
    const PostgresTable& table = PostgresTable::of(map);
    Values values;
    const std::string condition = where(table, first, end, values);
    connection_.query(fmt::format("SELECT {0}, value FROM {1}{2} ORDER BY {0}", table.columns(), table.name, condition),
                      values, [&](Row row) { see(key_of(table, row), *row.back()); });
}

void PostgresMaps::scan_some(Map map, Bytes first, std::size_t most, const See& see) const {
    flush();
    const PostgresTable& table = PostgresTable::of(map);
    Values values;
    const std::string condition = where(table, first, {}, values);
    connection_.query(fmt::format("SELECT {0}, value FROM {1}{2} ORDER BY {0} LIMIT {3}", table.columns(), table.name,
                                  condition, most),
                      values, [&](Row row) { see(key_of(table, row), *row.back()); });
}

std::optional<std::vector<std::byte>> PostgresMaps::first_key(Map map, Bytes from) const {
    flush();
    const PostgresTable& table = PostgresTable::of(map);
    Values values;
    const std::string condition = where(table, from, {}, values);
    std::optional<std::vector<std::byte>> key;
    connection_.query(
        fmt::format("SELECT {0} FROM {1}{2} ORDER BY {0} LIMIT 1", table.columns(), table.name, condition), values,
        [&](Row row) { key = key_of(table, row); });
    return key;
}

void PostgresMaps::put(Map map, Bytes key, Bytes value) {
    change(map, key, std::vector<std::byte>(value.begin(), value.end()));
}

void PostgresMaps::erase(Map map, Bytes key) {
    change(map, key, std::nullopt);
}

void PostgresMaps::erase_range(Map map, Bytes first, Bytes end) {
    flush();
    const PostgresTable& table = PostgresTable::of(map);
    Values values;
    const std::string condition = where(table, first, end, values);
    connection_.query(fmt::format("DELETE FROM {}{}", table.name, condition), values, &see_nothing);
    freed_postings_ = freed_postings_ || map == Map::postings;
}

// Not TRUNCATE, which takes the rows from running searches as well.
void PostgresMaps::clear(Map map) {
    erase_range(map, {}, {});
}

void PostgresMaps::change(Map map, Bytes key, std::optional<std::vector<std::byte>> value) {
    waiting_bytes_ += kBytesOfAChange + (value ? value->size() : 0);
    waiting_[map].insert_or_assign(Key(key.begin(), key.end()), std::move(value));
    if (waiting_bytes_ > kMostWaitingBytes) flush();
}

void PostgresMaps::flush() const {
    const auto waiting = std::exchange(waiting_, {});
    waiting_bytes_ = 0;
    for (const auto& [map, changes] : waiting) write(map, changes);
}

void PostgresMaps::write(Map map, const Changes& changes) const {
    const PostgresTable& table = PostgresTable::of(map);
    std::vector<Bytes> erased;
    std::vector<Bytes> put;
    std::vector<Bytes> contents;
    for (const auto& [key, value] : changes) {
        (value ? put : erased).emplace_back(key);
        if (value) contents.emplace_back(*value);
    }
    if (!erased.empty()) {
        Values values;
        table.add_keys(erased, values);
        connection_.query(
            fmt::format("DELETE FROM {} t USING {} WHERE {}", table.name, table.keys_as_k(), table.equals_k()), values,
            &see_nothing);
    }
    if (put.empty()) return;
    Values values;
    table.add_keys(put, values);
    values.push_back(lib::PostgresValue::bytea_array(contents));
    const char* parameters = table.second ? "$1, $2, $3" : "$1, $2";
    connection_.query(fmt::format("INSERT INTO {0} ({1}, value) SELECT * FROM unnest({2}) "
                                  "ON CONFLICT ({1}) DO UPDATE SET value = excluded.value",
                                  table.name, table.columns(), parameters),
                      values, &see_nothing);
}

}  // namespace audio_ident::index
