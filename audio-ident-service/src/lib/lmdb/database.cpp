#include "lib/lmdb/database.hpp"

namespace audio_ident::lmdb {

namespace {

MDB_val to_val(Bytes bytes) {
    return {bytes.size(), const_cast<std::byte*>(bytes.data())};
}
Bytes to_bytes(const MDB_val& value) {
    return {static_cast<const std::byte*>(value.mv_data), value.mv_size};
}

}  // namespace

Database::Database(const Transaction& transaction, const char* name, IfMissing if_missing) {
    const unsigned flags = if_missing == IfMissing::create ? unsigned{MDB_CREATE} : 0U;
    check(mdb_dbi_open(transaction.get(), name, flags, &dbi_), "cannot open a table");
}

std::optional<Bytes> Database::get(const Transaction& transaction, Bytes key) const {
    MDB_val k = to_val(key);
    MDB_val v{};
    const int code = mdb_get(transaction.get(), dbi_, &k, &v);
    if (code == MDB_NOTFOUND) return std::nullopt;
    check(code, "cannot read");
    return to_bytes(v);
}

void Database::put(const Transaction& transaction, Bytes key, Bytes value) const {
    MDB_val k = to_val(key);
    MDB_val v = to_val(value);
    check(mdb_put(transaction.get(), dbi_, &k, &v, 0), "cannot write");
}

std::span<std::byte> Database::reserve(const Transaction& transaction, Bytes key, std::size_t size) const {
    MDB_val k = to_val(key);
    MDB_val v{size, nullptr};
    check(mdb_put(transaction.get(), dbi_, &k, &v, MDB_RESERVE), "cannot write");
    return {static_cast<std::byte*>(v.mv_data), size};
}

bool Database::erase(const Transaction& transaction, Bytes key) const {
    MDB_val k = to_val(key);
    const int code = mdb_del(transaction.get(), dbi_, &k, nullptr);
    if (code == MDB_NOTFOUND) return false;
    check(code, "cannot remove");
    return true;
}

void Database::clear(const Transaction& transaction) const {
    check(mdb_drop(transaction.get(), dbi_, 0), "cannot empty a table");
}

std::size_t Database::size(const Transaction& transaction) const {
    MDB_stat stat{};
    check(mdb_stat(transaction.get(), dbi_, &stat), "cannot read");
    return stat.ms_entries;
}

Cursor::Cursor(const Transaction& transaction, const Database& database) {
    check(mdb_cursor_open(transaction.get(), database.get(), &cursor_), "cannot read");
}

Cursor::~Cursor() {
    mdb_cursor_close(cursor_);
}

std::optional<Cursor::Entry> Cursor::lower_bound(Bytes key) {
    MDB_val k = to_val(key);
    MDB_val v{};
    const int code = mdb_cursor_get(cursor_, &k, &v, MDB_SET_RANGE);
    if (code == MDB_NOTFOUND) return std::nullopt;
    check(code, "cannot read");
    return Entry{to_bytes(k), to_bytes(v)};
}

void Cursor::erase() {
    check(mdb_cursor_del(cursor_, 0), "cannot remove");
}

std::optional<Cursor::Entry> Cursor::move(MDB_cursor_op operation) {
    MDB_val k{};
    MDB_val v{};
    const int code = mdb_cursor_get(cursor_, &k, &v, operation);
    if (code == MDB_NOTFOUND) return std::nullopt;
    check(code, "cannot read");
    return Entry{to_bytes(k), to_bytes(v)};
}

}  // namespace audio_ident::lmdb
