#include "lib/lmdb/environment.hpp"

#include <cerrno>
#include <optional>
#include <system_error>

#include "lib/lmdb/data_file.hpp"
#include "util/durable_folder.hpp"

namespace audio_ident::lmdb {

namespace {

// Address space to reserve; the file grows into it. Smaller where the process may not map that much.
constexpr std::size_t kLargestMap = std::size_t{1} << 40;
constexpr std::size_t kSmallestMap = std::size_t{1} << 30;

MDB_env* open(const std::filesystem::path& folder, unsigned flags, unsigned max_databases, std::size_t map_size,
              int& code) {
    MDB_env* env = nullptr;
    code = mdb_env_create(&env);
    if (code != 0) return nullptr;
    code = mdb_env_set_maxdbs(env, max_databases);
    if (code == 0) code = mdb_env_set_maxreaders(env, 510);
    if (code == 0) code = mdb_env_set_mapsize(env, map_size);
    if (code == 0) code = mdb_env_open(env, folder.c_str(), flags, 0644);
    if (code == 0) return env;
    mdb_env_close(env);
    return nullptr;
}

}  // namespace

LmdbError::LmdbError(int code, const std::string& doing)
    : std::runtime_error(doing + ": " + mdb_strerror(code)), code_(code) {}

ErrorKind LmdbError::kind() const {
    switch (code_) {
        case MDB_CORRUPTED:
        case MDB_PAGE_NOTFOUND:
        case MDB_INVALID: return ErrorKind::corrupt;
        case MDB_VERSION_MISMATCH: return ErrorKind::unsupported;
        case MDB_PANIC:  // The disk failed during a commit. Everything committed is there after reopening.
        case MDB_MAP_FULL:
        case MDB_MAP_RESIZED:
        case MDB_READERS_FULL: return ErrorKind::not_available;
        default: return code_ > 0 ? ErrorKind::not_available : ErrorKind::internal;
    }
}

void check(int code, const char* doing) {
    if (code != 0) throw LmdbError(code, doing);
}

Environment::Environment(const std::filesystem::path& folder, Access access, unsigned max_databases)
    : folder_(folder), access_(access) {
    unsigned flags = MDB_NOTLS | MDB_NORDAHEAD;
    if (access == Access::read_write) {
        const auto error = util::make_folder_durably(folder);
        if (error) throw LmdbError(error.value(), "cannot create the folder " + folder.string());
    } else {
        flags |= MDB_RDONLY;
    }
    const auto file = folder / "data.mdb";
    const bool is_new = data_file_is_unused(file);
    std::optional<RemadeDataFile> remade;
    if (is_new && access == Access::read_write) remade.emplace(file);
    try {
        if (!data_file_is_whole(file)) throw LmdbError(MDB_CORRUPTED, "cannot open " + folder.string());
    } catch (const std::system_error& error) {
        throw LmdbError(error.code().value(), "cannot read " + file.string());
    }
    int code = 0;
    for (std::size_t map_size = kLargestMap; map_size >= kSmallestMap; map_size /= 2) {
        env_ = open(folder, flags, max_databases, map_size, code);
        if (env_ || code != ENOMEM) break;
    }
    if (!env_ && access == Access::read_only && (code == EACCES || code == EROFS)) {
        // A folder that cannot be written has no writer, so readers need no lock file.
        env_ = open(folder, flags | MDB_NOLOCK, max_databases, kSmallestMap, code);
    }
    // LMDB synchronises what it commits, but neither the two pages that it begins with nor the file's name.
    if (env_ && is_new && access == Access::read_write) {
        code = mdb_env_sync(env_, 1);
        if (code == 0) code = util::synchronise_folder(folder);
    }
    if (!env_ || code != 0) {
        if (env_) mdb_env_close(env_);
        throw LmdbError(code, "cannot open " + folder.string());
    }
    int dead = 0;
    if (access == Access::read_write)
        mdb_reader_check(env_, &dead);  // Readers that were killed would keep pages from being reused.
}

Environment::~Environment() {
    mdb_env_close(env_);
}

Transaction::Transaction(const Environment& environment, Access access) {
    check(mdb_txn_begin(environment.get(), nullptr, access == Access::read_only ? unsigned{MDB_RDONLY} : 0U, &txn_),
          access == Access::read_only ? "cannot start reading" : "cannot start writing");
}

Transaction::~Transaction() {
    if (txn_) mdb_txn_abort(txn_);
}

void Transaction::commit() {
    MDB_txn* txn = txn_;
    txn_ = nullptr;
    check(mdb_txn_commit(txn), "cannot commit");
}

}  // namespace audio_ident::lmdb
