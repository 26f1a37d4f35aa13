#include "lib/soci/sqlite_error.hpp"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <string_view>

#include "lib/soci/soci_sqlite.hpp"

namespace audio_ident::lib {
namespace {

bool means_full(int cause) {
    return cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
}

/// The query did not finish because its time was up or somebody cancelled it.
bool means_late(int code, const Deadline& deadline) {
    const bool locked = code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_PROTOCOL;
    return code == SQLITE_INTERRUPT || (locked && deadline.stop_requested());
}

struct Rule {
    int code;
    ErrorKind kind;
    std::string_view message;  ///< {cause}: the system's, where it gave one; {text}: SQLite's
};

constexpr std::string_view kLocked = "{path} is locked by another program; wait until it has finished, or stop it";
constexpr std::string_view kReadOnly = "{path} is read-only; make the file and its folder writable";
constexpr std::string_view kFull = "cannot write {path}: {cause}; free some space and run the command again";
constexpr std::string_view kRefused = "{path}: {text}";

constexpr Rule kRules[] = {
    {SQLITE_BUSY, ErrorKind::not_available, kLocked},
    {SQLITE_LOCKED, ErrorKind::not_available, kLocked},
    {SQLITE_PROTOCOL, ErrorKind::not_available, kLocked},
    {SQLITE_FULL, ErrorKind::not_available, kFull},
    {SQLITE_READONLY, ErrorKind::not_available, kReadOnly},
    {SQLITE_PERM, ErrorKind::not_available, kReadOnly},
    {SQLITE_CANTOPEN, ErrorKind::not_available,
     "cannot open {path}: {cause}; its folder must exist, and this user must be able to read and write both"},
    {SQLITE_IOERR, ErrorKind::not_available, "cannot read or write {path}: {cause}; check the disk"},
    {SQLITE_NOTADB, ErrorKind::corrupt,
     "{path} is not an SQLite database; move it away, or set DATABASE_URL to another file"},
    {SQLITE_CORRUPT, ErrorKind::corrupt,
     "{path} is damaged ({text}); restore it from a backup, or move it away and ingest again"},
    {SQLITE_CONSTRAINT, ErrorKind::invalid_input, kRefused},
    {SQLITE_TOOBIG, ErrorKind::invalid_input, kRefused},
    {SQLITE_MISMATCH, ErrorKind::invalid_input, kRefused},
};

std::string cause_of(int code, int cause, const char* text) {
    if (code == SQLITE_FULL) return "the disk is full";
    return cause != 0 ? std::strerror(cause) : text;
}

}  // namespace

Error describe_sqlite_error(const std::string& path, const std::exception& exception, int cause,
                            const Deadline& deadline) {
    const std::string text = exception.what();
    const auto* failure = dynamic_cast<const soci::sqlite3_soci_error*>(&exception);
    const int code = failure ? failure->result() & 0xFF : SQLITE_ERROR;
    if (means_late(code, deadline)) {
        return {ErrorKind::timeout,
                path + (deadline.stop_requested() ? ": the query was cancelled"
                                                  : ": the query did not finish in time; try again")};
    }
    for (const Rule& rule : kRules) {
        if (rule.code != code) continue;
        const bool full = code == SQLITE_IOERR && means_full(cause);
        return {rule.kind, fmt::format(fmt::runtime(full ? kFull : rule.message), fmt::arg("path", path),
                                       fmt::arg("cause", cause_of(code, cause, text.c_str())), fmt::arg("text", text))};
    }
    return {ErrorKind::internal, fmt::format("{}: {}", path, text)};
}

}  // namespace audio_ident::lib
