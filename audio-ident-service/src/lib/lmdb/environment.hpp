#pragma once

#include <cstddef>
#include <filesystem>
#include <lmdb.h>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace audio_ident::lmdb {

using Bytes = std::span<const std::byte>;

/// The exception of the LMDB wrappers: LMDB's or the system's error code, and the operation that failed.
class LmdbError : public std::runtime_error {
  public:
    LmdbError(int code, const std::string& doing);
    int code() const { return code_; }
    /// not_available (locked, full, read-only, gone), corrupt or internal.
    ErrorKind kind() const;

  private:
    int code_;
};

void check(int code, const char* doing);

enum class Access { read_only, read_write };

/// An LMDB environment: a folder with data.mdb and lock.mdb. LMDB allows a process to open each folder only once. Read
/// transactions are not tied to threads (MDB_NOTLS). Thread-safe.
class Environment {
  public:
    /// `read_write` creates the folder. Throws LmdbError; MDB_CORRUPTED when the file was truncated.
    Environment(const std::filesystem::path& folder, Access access, unsigned max_databases);
    ~Environment();
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

    MDB_env* get() const { return env_; }
    const std::filesystem::path& folder() const { return folder_; }
    Access access() const { return access_; }

  private:
    std::filesystem::path folder_;
    Access access_;
    MDB_env* env_ = nullptr;
};

/// A transaction; aborted unless committed. A read transaction is a snapshot: bytes read through it stay valid and
/// unchanged until it ends.
class Transaction {
  public:
    Transaction(const Environment& environment, Access access);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    MDB_txn* get() const { return txn_; }
    /// The number of the last committed write that a read transaction sees.
    std::size_t id() const { return mdb_txn_id(txn_); }
    void commit();

  private:
    MDB_txn* txn_ = nullptr;
};

}  // namespace audio_ident::lmdb
