#pragma once

#include <optional>
#include <utility>

#include "lib/lmdb/environment.hpp"

namespace audio_ident::lmdb {

enum class IfMissing { create, refuse };

/// One named table of an environment: byte keys in order, byte values. A handle, cheap to copy; valid as long as the
/// environment. Bytes returned are valid until the transaction ends or writes.
class Database {
  public:
    /// Throws LmdbError; MDB_NOTFOUND when it is missing and refused.
    Database(const Transaction& transaction, const char* name, IfMissing if_missing);

    std::optional<Bytes> get(const Transaction& transaction, Bytes key) const;
    void put(const Transaction& transaction, Bytes key, Bytes value) const;
    /// Writes a new value of `size` bytes in place: fill the returned bytes before the next write.
    std::span<std::byte> reserve(const Transaction& transaction, Bytes key, std::size_t size) const;
    /// False when there was no such key.
    bool erase(const Transaction& transaction, Bytes key) const;
    void clear(const Transaction& transaction) const;
    std::size_t size(const Transaction& transaction) const;

    MDB_dbi get() const { return dbi_; }

  private:
    MDB_dbi dbi_ = 0;
};

/// Walks a table in key order.
class Cursor {
  public:
    using Entry = std::pair<Bytes, Bytes>;

    Cursor(const Transaction& transaction, const Database& database);
    ~Cursor();
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    std::optional<Entry> first() { return move(MDB_FIRST); }
    std::optional<Entry> next() { return move(MDB_NEXT); }
    /// The first entry whose key is not below `key`.
    std::optional<Entry> lower_bound(Bytes key);
    /// Removes the current entry; next() then gives the one after it.
    void erase();

  private:
    std::optional<Entry> move(MDB_cursor_op operation);
    MDB_cursor* cursor_ = nullptr;
};

}  // namespace audio_ident::lmdb
