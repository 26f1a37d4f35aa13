#include "lib/soci/sqlite_connection.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "lib/soci/soci_sqlite.hpp"
#include "lib/soci/sqlite_error.hpp"
#include "util/path_text.hpp"

namespace audio_ident::lib {
namespace {

namespace sqlite = ::sqlite_api;

constexpr int kProgressOps = 1000;  // Virtual machine steps between two checks of the deadline, about 10 us.

/// Gives SOCI a handle that is already open. SOCI's own connect string cannot express every path, and its timeout
/// supports neither deadlines nor stop tokens.
class HandleFactory : public soci::backend_factory {
  public:
    void set(sqlite::sqlite3* handle) { handle_ = handle; }

    soci::details::session_backend* make_session(const soci::connection_parameters&) const override {
        const soci::backend_factory& original = *soci::factory_sqlite3();
        std::unique_ptr<soci::details::session_backend> backend(
            original.make_session(soci::connection_parameters(original, ":memory:")));
        auto& handle = static_cast<soci::sqlite3_session_backend&>(*backend).conn_;
        sqlite::sqlite3_close(handle);
        handle = handle_;
        return backend.release();
    }

  private:
    sqlite::sqlite3* handle_ = nullptr;
};

}  // namespace

struct SqliteConnection::State {
    std::string path;
    Deadline deadline;
    sqlite::sqlite3* handle = nullptr;  ///< owned by the session once the session is open
    HandleFactory factory;
    soci::session session;

    static int wait_for_lock(void* self, int attempt) {
        const Deadline& deadline = static_cast<State*>(self)->deadline;
        if (deadline.expired()) return 0;
        const auto pause = std::chrono::milliseconds(std::clamp(attempt, 1, 10));
        std::this_thread::sleep_for(std::min<Deadline::Clock::duration>(pause, deadline.remaining()));
        return 1;
    }
    static int stop_when_late(void* self) { return static_cast<State*>(self)->deadline.expired() ? 1 : 0; }

    void open_handle(Create create) {
        int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
        if (create == Create::if_missing) flags |= SQLITE_OPEN_CREATE;
        const int code = sqlite::sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
        if (handle == nullptr) throw std::bad_alloc();
        factory.set(handle);
        session.open(factory, "");
        if (code != SQLITE_OK) throw soci::sqlite3_soci_error(sqlite::sqlite3_errmsg(handle), code);
        sqlite::sqlite3_busy_handler(handle, &wait_for_lock, this);
        sqlite::sqlite3_progress_handler(handle, kProgressOps, &stop_when_late, this);
    }

    void run(const std::string& sql) {
        const int code = sqlite::sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr);
        if (code != SQLITE_OK) throw soci::sqlite3_soci_error(sqlite::sqlite3_errmsg(handle), code);
    }

    /// Switching to WAL needs exclusive access, and SQLite does not call the busy handler at each of its steps.
    void enter_wal_mode() {
        std::string mode;
        for (int attempt = 0; mode.empty(); ++attempt) {
            try {
                session << "PRAGMA journal_mode = WAL", soci::into(mode);
            } catch (const soci::sqlite3_soci_error& error) {
                if ((error.result() & 0xFF) != SQLITE_BUSY || wait_for_lock(this, attempt) == 0) throw;
            }
        }
        if (mode != "wal") {
            throw soci::sqlite3_soci_error("its file system does not support write-ahead logging", SQLITE_CANTOPEN);
        }
    }

    /// The errno of the last failure, if SQLite kept it. After a failed COMMIT only the file that could not be written
    /// knows it.
    int cause() const {
        if (handle == nullptr) return 0;
        if (const int known = sqlite::sqlite3_system_errno(handle); known != 0) return known;
        for (const int which : {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER}) {
            sqlite::sqlite3_file* file = nullptr;
            int known = 0;
            if (sqlite::sqlite3_file_control(handle, "main", which, &file) != SQLITE_OK) continue;
            if (file == nullptr || file->pMethods == nullptr) continue;
            if (file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &known) == SQLITE_OK && known != 0) {
                return known;
            }
        }
        return 0;
    }

    Error describe(const std::exception& exception) const {
        return describe_sqlite_error(util::path_to_text(path), exception, cause(), deadline);
    }
};

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path, Create create,
                                                                 const Deadline& deadline) {
    auto state = std::make_unique<State>();
    state->path = path;
    state->deadline = deadline;
    try {
        state->open_handle(create);
        state->enter_wal_mode();
        // FULL: a committed row survives a power cut. NORMAL would save one flush per commit but lose the last commits.
        state->run(
            "PRAGMA synchronous = FULL;"
            "PRAGMA foreign_keys = ON;"
            "PRAGMA journal_size_limit = 67108864;");
    } catch (const std::exception& exception) {
        return Unexpected(state->describe(exception));
    }
    return std::unique_ptr<SqliteConnection>(new SqliteConnection(std::move(state)));
}

SqliteConnection::SqliteConnection(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteConnection::~SqliteConnection() = default;

soci::session& SqliteConnection::session() {
    return state_->session;
}

void SqliteConnection::set_deadline(const Deadline& deadline) {
    state_->deadline = deadline;
}

void SqliteConnection::run_script(const std::string& sql) {
    state_->run(sql);
}

bool SqliteConnection::is_usable() {
    int moved = 0;
    sqlite::sqlite3_file_control(state_->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return moved == 0;
}

Error SqliteConnection::describe(const std::exception& exception) {
    return state_->describe(exception);
}

}  // namespace audio_ident::lib
