#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "index/store/maps.hpp"
#include "lib/soci/postgres_connection.hpp"

namespace audio_ident::index {

/// The maps within a transaction of a connection. Changes wait here until there are many of them, or something is read:
/// thousands of them are one statement. Throws what SOCI throws.
class PostgresMaps final : public MapTransaction {
  public:
    /// `connection` is in a transaction, and outlives it.
    explicit PostgresMaps(lib::PostgresConnection& connection) : connection_(connection) {}

    std::optional<Bytes> get(Map map, Bytes key) const override;
    void get_each(Map map, std::span<const Bytes> keys, const SeeEach& see) const override;
    void scan(Map map, Bytes first, Bytes end, const See& see) const override;
    void scan_some(Map map, Bytes first, std::size_t most, const See& see) const override;
    std::optional<std::vector<std::byte>> first_key(Map map, Bytes from) const override;
    void put(Map map, Bytes key, Bytes value) override;
    void erase(Map map, Bytes key) override;
    void erase_range(Map map, Bytes first, Bytes end) override;
    void clear(Map map) override;

    /// Writes what waits; to be called before the transaction is committed.
    void flush() const;
    /// Whether postings were removed, whose space is worth freeing at once.
    bool freed_postings() const { return freed_postings_; }

  private:
    using Key = std::vector<std::byte>;
    struct Before {  // as operator<, of whose code GCC 12 warns in vain
        bool operator()(const Key& a, const Key& b) const {
            return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
        }
    };
    using Changes = std::map<Key, std::optional<std::vector<std::byte>>, Before>;  ///< by key; nullopt: erased

    void change(Map map, Bytes key, std::optional<std::vector<std::byte>> value);
    void write(Map map, const Changes& changes) const;

    lib::PostgresConnection& connection_;
    mutable std::map<Map, Changes> waiting_;  ///< reading empties it
    mutable std::size_t waiting_bytes_ = 0;
    mutable std::vector<std::byte> value_;  ///< what get() returned last
    bool freed_postings_ = false;
};

}  // namespace audio_ident::index
