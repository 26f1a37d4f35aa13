#include "index/postgres/tables.hpp"

#include <cassert>
#include <fmt/format.h>

namespace audio_ident::index {

namespace {

constexpr std::size_t kFirstBytes = 4;

}  // namespace

const PostgresTable& PostgresTable::of(Map map) {
    static constexpr PostgresTable kTables[] = {{"fingerprint_meta", "name"},
                                                {"fingerprint_tracks", "id"},
                                                {"fingerprint_numbers", "track"},
                                                {"fingerprint_segments", "segment"},
                                                {"fingerprint_contents", "segment"},
                                                {"fingerprint_peaks", "track", "block"},
                                                {"fingerprint_postings", "segment", "first_key"}};
    return kTables[static_cast<std::size_t>(map)];
}

std::string PostgresTable::columns() const {
    return second ? fmt::format("{}, {}", first, second) : first;
}

std::string PostgresTable::compare(const char* comparison, std::size_t parameter) const {
    if (second) return fmt::format("({}, {}) {} (${}, ${})", first, second, comparison, parameter, parameter + 1);
    return fmt::format("{} {} ${}", first, comparison, parameter);
}

std::string PostgresTable::equals_k() const {
    return second ? fmt::format("t.{} = k.a AND t.{} = k.b", first, second) : fmt::format("t.{} = k.a", first);
}

std::string PostgresTable::keys_as_k() const {
    return second ? "unnest($1, $2) WITH ORDINALITY AS k(a, b, i)" : "unnest($1) WITH ORDINALITY AS k(a, i)";
}

std::pair<Bytes, Bytes> PostgresTable::split(Bytes key) const {
    if (!second) return {key, {}};
    assert(key.size() > kFirstBytes);
    return {key.first(kFirstBytes), key.subspan(kFirstBytes)};
}

void PostgresTable::add_key(Bytes key, std::vector<lib::PostgresValue>& values) const {
    const auto [a, b] = split(key);
    values.push_back(lib::PostgresValue::bytea(a));
    if (second) values.push_back(lib::PostgresValue::bytea(b));
}

void PostgresTable::add_keys(std::span<const Bytes> keys, std::vector<lib::PostgresValue>& values) const {
    std::vector<Bytes> firsts;
    std::vector<Bytes> seconds;
    for (const Bytes key : keys) {
        const auto [a, b] = split(key);
        firsts.push_back(a);
        seconds.push_back(b);
    }
    values.push_back(lib::PostgresValue::bytea_array(firsts));
    if (second) values.push_back(lib::PostgresValue::bytea_array(seconds));
}

}  // namespace audio_ident::index
