#include "lib/soci/sqlite_error.hpp"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>

#include "lib/soci/soci_sqlite.hpp"

namespace audio_ident::lib {
namespace {

bool means_full(int cause) {
    return cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
}

Error error(ErrorKind kind, std::string message) {
    return Error{kind, std::move(message), {}};
}

Error late(const std::string& path, const Deadline& deadline) {
    return error(ErrorKind::timeout, deadline.stop_requested()
                                         ? fmt::format("{}: the query was cancelled", path)
                                         : fmt::format("{}: the query did not finish in time; try again", path));
}

Error full(const std::string& path, const char* cause) {
    return error(ErrorKind::not_available,
                 fmt::format("cannot write {}: {}; free some space and run the command again", path, cause));
}

}  // namespace

Error describe_sqlite_error(const std::string& path, const std::exception& exception, int cause,
                            const Deadline& deadline) {
    const auto* failure = dynamic_cast<const soci::sqlite3_soci_error*>(&exception);
    if (failure == nullptr) return error(ErrorKind::internal, fmt::format("{}: {}", path, exception.what()));

    switch (failure->result() & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
            if (deadline.stop_requested()) return late(path, deadline);
            return error(ErrorKind::not_available,
                         fmt::format("{} is locked by another program; wait until it has finished, or stop it", path));
        case SQLITE_INTERRUPT: return late(path, deadline);
        case SQLITE_FULL: return full(path, "the disk is full");
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return error(ErrorKind::not_available,
                         fmt::format("{} is read-only; make the file and its folder writable", path));
        case SQLITE_CANTOPEN:
            return error(ErrorKind::not_available,
                         fmt::format("cannot open {}: {}; its folder must exist, and this user must be able to read "
                                     "and write both",
                                     path, cause != 0 ? std::strerror(cause) : exception.what()));
        case SQLITE_IOERR:
            if (means_full(cause)) return full(path, std::strerror(cause));
            return error(ErrorKind::not_available, fmt::format("cannot read or write {}: {}; check the disk", path,
                                                               cause != 0 ? std::strerror(cause) : exception.what()));
        case SQLITE_NOTADB:
            return error(
                ErrorKind::corrupt,
                fmt::format("{} is not an SQLite database; move it away, or set DATABASE_URL to another file", path));
        case SQLITE_CORRUPT:
            return error(ErrorKind::corrupt,
                         fmt::format("{} is damaged ({}); restore it from a backup, or move it away and ingest again",
                                     path, exception.what()));
        case SQLITE_CONSTRAINT:
        case SQLITE_TOOBIG:
        case SQLITE_MISMATCH: return error(ErrorKind::invalid_input, fmt::format("{}: {}", path, exception.what()));
        default: return error(ErrorKind::internal, fmt::format("{}: {}", path, exception.what()));
    }
}

}  // namespace audio_ident::lib
