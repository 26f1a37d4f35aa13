#pragma once

#include <optional>
#include <utility>

#include "lib/lmdb/environment.hpp"

namespace audio_ident::lmdb {

enum class IfMissing { create, refuse };

/// One named table of an environment, with ordered byte keys and byte values. A cheap handle, valid as long as the
/// environment. Returned bytes are valid until the transaction ends or writes.
class Database {
  public:
    /// Throws LmdbError; MDB_NOTFOUND when the table is missing and must not be created.
    Database(const Transaction& transaction, const char* name, IfMissing if_missing);

    std::optional<Bytes> get(const Transaction& transaction, Bytes key) const;
    void put(const Transaction& transaction, Bytes key, Bytes value) const;
    /// Writes a value of `size` bytes in place. Fill the returned bytes before the next write.
    std::span<std::byte> reserve(const Transaction& transaction, Bytes key, std::size_t size) const;
    /// Returns false when the key did not exist.
    bool erase(const Transaction& transaction, Bytes key) const;
    void clear(const Transaction& transaction) const;
    std::size_t size(const Transaction& transaction) const;

    MDB_dbi get() const { return dbi_; }

  private:
    MDB_dbi dbi_ = 0;
};

/// Iterates over a table in key order.
class Cursor {
  public:
    using Entry = std::pair<Bytes, Bytes>;

    Cursor(const Transaction& transaction, const Database& database);
    ~Cursor();
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    std::optional<Entry> first() { return move(MDB_FIRST); }
    std::optional<Entry> next() { return move(MDB_NEXT); }
    /// The first entry whose key is at least `key`.
    std::optional<Entry> lower_bound(Bytes key);
    /// Removes the current entry. next() then returns the entry after it.
    void erase();

  private:
    std::optional<Entry> move(MDB_cursor_op operation);
    MDB_cursor* cursor_ = nullptr;
};

}  // namespace audio_ident::lmdb
