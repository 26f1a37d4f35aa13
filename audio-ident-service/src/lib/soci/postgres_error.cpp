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

struct Rule {
    std::string_view sqlstate;  ///< how the codes begin
    ErrorKind kind;
    std::string_view message;
    bool when_unconnected = false;  ///< whatever the code
};

constexpr std::string_view kUnreachable = "cannot reach PostgreSQL at {location}: {cause}; {advice}";
constexpr std::string_view kRefused = "{location}: {cause}";
constexpr std::string_view kDamaged = "{location} is damaged ({cause}); restore it from a backup";

/// The first one that fits counts. Codes: PostgreSQL's documentation, appendix A.
constexpr Rule kRules[] = {
    {"57014", ErrorKind::timeout, "{location}: the query did not finish in time; try again"},
    {"55P03", ErrorKind::not_available,
     "{location} is locked by another program; wait until it has finished, or stop it"},
    {"53", ErrorKind::not_available,
     "PostgreSQL at {location} is out of space or other resources: {cause}; try again later"},
    {"25006", ErrorKind::not_available, "{location} is read-only; set DATABASE_URL to the primary server"},
    {"42501", ErrorKind::not_available,
     "the database user lacks permission at {location}: {cause}; make this user the owner of the database"},
    {"40", ErrorKind::not_available, "{location}: {cause}; run the command again"},
    {"08", ErrorKind::not_available, kUnreachable, true},
    {"57P", ErrorKind::not_available, kUnreachable},
    {"22", ErrorKind::invalid_input, kRefused},
    {"23", ErrorKind::invalid_input, kRefused},
    {"XX001", ErrorKind::corrupt, kDamaged},
    {"XX002", ErrorKind::corrupt, kDamaged},
};

}  // namespace

Error describe_postgres_error(const std::string& location, const PostgresFailure& failure, const Deadline& deadline) {
    if (deadline.stop_requested()) return {ErrorKind::timeout, location + ": the query was cancelled"};
    const std::string cause = cause_of(failure.message);
    for (const Rule& rule : kRules) {
        const bool fits = std::string_view(failure.sqlstate).starts_with(rule.sqlstate);
        if (!fits && (failure.connected || !rule.when_unconnected)) continue;
        return {rule.kind, fmt::format(fmt::runtime(rule.message), fmt::arg("location", location),
                                       fmt::arg("cause", cause), fmt::arg("advice", advice_on(cause)))};
    }
    return {ErrorKind::internal, fmt::format("{}: {}", location, failure.message)};
}

}  // namespace audio_ident::lib
