#include "lib/soci/postgres_error.hpp"

#include <fmt/format.h>
#include <string_view>

namespace audio_ident::lib {
namespace {

/// The first line of libpq's message. Hints follow on further lines, and SOCI may put a line of its own before it.
std::string cause_of(std::string_view text) {
    constexpr std::string_view kSoci = "Cannot establish connection to the database.\n";
    if (text.starts_with(kSoci)) text.remove_prefix(kSoci.size());
    return std::string(text.substr(0, text.find('\n')));
}

std::string_view advice_on(const std::string& cause) {
    if (cause.find("the database system is") != std::string::npos)
        return "try again in a moment";  // The server is starting or stopping.
    if (cause.find("FATAL:") != std::string::npos) return "check the user, password and database in DATABASE_URL";
    return "start it with `make docker-up`, or set POSTGRES_MODE=embedded";
}

}  // namespace

Error describe_postgres_error(const std::string& location, const PostgresFailure& failure, const Deadline& deadline) {
    const std::string_view state = failure.sqlstate;
    const auto is = [&](std::string_view prefix) { return state.starts_with(prefix); };
    const std::string cause = cause_of(failure.message);
    const auto error = [](ErrorKind kind, std::string message) { return Error{kind, std::move(message), {}}; };

    if (deadline.stop_requested()) return error(ErrorKind::timeout, location + ": the query was cancelled");
    if (is("57014")) {
        return error(ErrorKind::timeout, location + ": the query did not finish in time; try again");
    }
    if (is("55P03")) {
        return error(ErrorKind::not_available,
                     location + " is locked by another program; wait until it has finished, or stop it");
    }
    if (is("53")) {
        return error(
            ErrorKind::not_available,
            fmt::format("PostgreSQL at {} is out of space or other resources: {}; try again later", location, cause));
    }
    if (is("25006")) {
        return error(ErrorKind::not_available, location + " is read-only; set DATABASE_URL to the primary server");
    }
    if (is("42501")) {
        return error(
            ErrorKind::not_available,
            fmt::format("the database user lacks permission at {}: {}; make this user the owner of the database",
                        location, cause));
    }
    if (is("40")) {
        return error(ErrorKind::not_available, fmt::format("{}: {}; run the command again", location, cause));
    }
    if (is("08") || is("57P") || !failure.connected) {
        return error(ErrorKind::not_available,
                     fmt::format("cannot reach PostgreSQL at {}: {}; {}", location, cause, advice_on(cause)));
    }
    if (is("22") || is("23")) return error(ErrorKind::invalid_input, fmt::format("{}: {}", location, cause));
    if (is("XX001") || is("XX002")) {
        return error(ErrorKind::corrupt, fmt::format("{} is damaged ({}); restore it from a backup", location, cause));
    }
    return error(ErrorKind::internal, fmt::format("{}: {}", location, failure.message));
}

}  // namespace audio_ident::lib
