#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "index/store/maps.hpp"
#include "lib/soci/postgres_value.hpp"

namespace audio_ident::index {

/// A map's table in PostgreSQL (migrations/postgresql), and SQL for it. Its key is one column, or two where the first
/// four bytes of the key say which track or segment an entry belongs to.
struct PostgresTable {
    const char* name;
    const char* first;
    const char* second = nullptr;  ///< absent: the key is one column

    static const PostgresTable& of(Map map);

    std::string columns() const;  ///< "segment, first_key"
    /// "(segment, first_key) >= ($1, $2)", where the first parameter has the number `parameter`.
    std::string compare(const char* comparison, std::size_t parameter) const;
    /// "(segment, first_key) = (k.a, k.b)"
    std::string equals_k() const;
    /// "unnest($1::bytea[], $2::bytea[]) AS k(a, b)"; the parameters are those of add_keys().
    std::string keys_as_k() const;

    /// The parameters of compare() for a key.
    void add_key(Bytes key, std::vector<lib::PostgresValue>& values) const;
    void add_keys(std::span<const Bytes> keys, std::vector<lib::PostgresValue>& values) const;

  private:
    std::pair<Bytes, Bytes> split(Bytes key) const;
};

}  // namespace audio_ident::index
