#include "lib/soci/postgres_connection.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <optional>
#include <poll.h>
#include <stop_token>
#include <vector>

#include "lib/soci/cancellation.hpp"
#include "lib/soci/postgres_error.hpp"
#include "lib/soci/silence_guard.hpp"
#include "lib/soci/soci_postgres.hpp"
#include "util/url.hpp"

namespace audio_ident::lib {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr auto kLongestConnect = std::chrono::seconds(10);
constexpr const char* kQueryCanceled = "57014";
constexpr auto kLatestAnswer = Milliseconds(500);  ///< after the server's limit for a statement
/// A statement that took so long in vain is the server's failure, and not that of those who left it little time.
constexpr auto kLongStatement = std::chrono::seconds(1);
// A server that would not notice for hours that this machine vanished would keep its locks as long.
constexpr const char* kNoticeMyEnd =
    "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;"
    " SET tcp_user_timeout = 10000";

/// Adds parameters after the user's own, so that ours win. The last four bound the wait for a peer that vanished.
std::string connect_string(const std::string& url, const Deadline& deadline) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(
        std::min<Deadline::Clock::duration>(deadline.remaining(), kLongestConnect));
    return fmt::format(
        "{}{}connect_timeout={}&client_encoding=UTF8&fallback_application_name=audio-ident"
        "&keepalives_idle=5&keepalives_interval=2&keepalives_count=3&tcp_user_timeout=10000",
        url, url.find('?') == std::string::npos ? "?" : "&", std::max<long long>(left.count(), 2));
}

struct Freed {
    void operator()(PGresult* result) const { PQclear(result); }
};

/// Reads what is left of an answer.
struct Drained {
    PGconn* handle;
    ~Drained() {
        while (PGresult* result = PQgetResult(handle)) PQclear(result);
    }
};

std::span<const std::byte> bytes_of(const PGresult* result, int row, int column) {
    return {reinterpret_cast<const std::byte*>(PQgetvalue(result, row, column)),
            static_cast<std::size_t>(PQgetlength(result, row, column))};
}

}  // namespace

struct PostgresConnection::State {
    std::string location;
    Deadline deadline;
    bool cancelled = false;        ///< a cancellation was sent and may still be in flight
    Milliseconds server_limit{0};  ///< the limit last sent to the server; 0: none
    std::uint64_t statements = 0;
    std::map<std::string, std::string> names;  ///< of the statements whose plans the server keeps
    soci::session session;
    std::shared_ptr<PGcancel> cancel;
    std::optional<SilenceGuard> guard;        ///< from the opening on
    Deadline::Clock::time_point waits_since;  ///< when the last statement began
    /// Must be the last member, because it uses the others
    std::optional<std::stop_callback<std::function<void()>>> on_stop;

    /// nullptr before the connection is open.
    PGconn* handle() {
        auto* backend = static_cast<soci::postgresql_session_backend*>(session.get_backend());
        return backend == nullptr ? nullptr : backend->conn_;
    }

    void execute(const std::string& sql) {
        const std::unique_ptr<PGresult, Freed> result(PQexec(handle(), sql.c_str()));
        check(result.get());
    }

    void check(const PGresult* result) {
        const ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE) return;
        const char* sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        throw soci::postgresql_soci_error(PQerrorMessage(handle()), sqlstate == nullptr ? "     " : sqlstate);
    }

    /// Sends a statement whose rows come one at a time, in the binary format.
    void send(const std::string& sql, Plan plan, std::span<const PostgresValue> values) {
        std::vector<Oid> types;
        std::vector<const char*> data;
        std::vector<int> sizes;
        for (const PostgresValue& value : values) {
            types.push_back(value.type());
            data.push_back(reinterpret_cast<const char*>(value.bytes().data()));
            sizes.push_back(static_cast<int>(value.bytes().size()));
        }
        const std::vector<int> formats(values.size(), 1);
        const int count = static_cast<int>(values.size());
        const int sent = plan == Plan::kept ? PQsendQueryPrepared(handle(), planned(sql, types).c_str(), count,
                                                                  data.data(), sizes.data(), formats.data(), 1)
                                            : PQsendQueryParams(handle(), sql.c_str(), count, types.data(), data.data(),
                                                                sizes.data(), formats.data(), 1);
        if (sent == 0 || PQsetSingleRowMode(handle()) == 0)
            throw soci::postgresql_soci_error(PQerrorMessage(handle()), "     ");
    }

    /// The name of a statement whose plan the server keeps.
    const std::string& planned(const std::string& sql, const std::vector<Oid>& types) {
        if (const auto known = names.find(sql); known != names.end()) return known->second;
        const std::string name = fmt::format("planned{}", names.size());
        const std::unique_ptr<PGresult, Freed> result(
            PQprepare(handle(), name.c_str(), sql.c_str(), static_cast<int>(types.size()), types.data()));
        check(result.get());
        return names.emplace(sql, name).first->second;
    }

    /// A server that hangs does not end a statement at its limit. Until the limit it may: see apply_deadline().
    void begin_to_wait() {
        using Time = Deadline::Clock::time_point;
        const bool endless = deadline.when() == Time::max();
        waits_since = Deadline::Clock::now();
        guard->end_at(endless ? Time::max() : deadline.when() + deadline.remaining() / 4 + kLatestAnswer);
    }
    void end_waiting() {
        if (guard) guard->end_at(Deadline::Clock::time_point::max());
    }

    void require_time() const {
        if (deadline.expired()) throw soci::postgresql_soci_error("the deadline has passed", kQueryCanceled);
    }

    /// Tells the server how long the next statement may run and wait for locks. Skips the round trip when the limit it
    /// already has is close enough, as with the usual deadline.
    void apply_deadline() {
        require_time();
        begin_to_wait();
        Milliseconds wanted{0};
        if (deadline.when() != Deadline::Clock::time_point::max()) {
            wanted = std::max(std::chrono::ceil<Milliseconds>(deadline.remaining()), Milliseconds(1));
        }
        const bool near = wanted.count() == 0 ? server_limit.count() == 0
                                              : server_limit >= wanted && server_limit <= wanted + wanted / 4;
        if (near) return;
        if (wanted.count() > 0) wanted += wanted / 8;
        // The lock limit expires first, so that the message can name the cause.
        execute(fmt::format("SET lock_timeout = {}; SET statement_timeout = {}", wanted.count(),
                            wanted.count() == 0 ? 0 : wanted.count() + 200));
        server_limit = wanted;
    }
};

/// A statement of our own, which tells when it has ended. What SOCI runs ends for us with the next set_deadline().
struct PostgresConnection::Waiting {
    explicit Waiting(State& waiting) : state(waiting) {}
    ~Waiting() { state.end_waiting(); }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

    State& state;
};

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::open(const std::string& url, const Deadline& deadline) {
    auto state = std::make_unique<State>();
    state->location = util::mask_url(url);
    std::unique_ptr<PostgresConnection> connection(new PostgresConnection(std::move(state)));
    State& opened = *connection->state_;
    try {
        opened.deadline = deadline;
        opened.require_time();
        opened.session.open(*soci::factory_postgresql(), connect_string(url, deadline));
        PQsetNoticeProcessor(
            opened.handle(), [](void*, const char*) {}, nullptr);  // libpq would print notices to stderr.
        opened.guard.emplace(PQsocket(opened.handle()));
        opened.begin_to_wait();
        opened.cancel = {PQgetCancel(opened.handle()), &PQfreeCancel};
        opened.execute(kNoticeMyEnd);
        connection->set_deadline(deadline);
    } catch (const std::exception& exception) {
        return Unexpected(connection->describe(exception));
    }
    return connection;
}

PostgresConnection::PostgresConnection(std::unique_ptr<State> state) : state_(std::move(state)) {}
PostgresConnection::~PostgresConnection() = default;

soci::session& PostgresConnection::session() {
    state_->apply_deadline();
    return state_->session;
}

void PostgresConnection::set_deadline(const Deadline& deadline) {
    state_->on_stop.reset();
    state_->end_waiting();
    state_->cancelled = state_->cancelled || state_->deadline.stop_requested();
    state_->deadline = deadline;
    if (!deadline.stop_token().stop_possible()) return;
    // Whoever requests the stop goes on at once. A server that hangs does not learn of it, so the guard ends the wait.
    state_->on_stop.emplace(deadline.stop_token(), [this] {
        cancel_soon(state_->cancel);
        state_->guard->end_at(Deadline::Clock::now() + kLatestAnswer);
    });
}

void PostgresConnection::run_script(const std::string& sql) {
    const Waiting waiting(*state_);
    state_->apply_deadline();
    ++state_->statements;
    state_->execute(sql);
}

void PostgresConnection::query(const std::string& sql, std::span<const PostgresValue> values,
                               const std::function<void(Row)>& see) {
    run(sql, Plan::once, values, see);
}

void PostgresConnection::query_planned(const std::string& sql, std::span<const PostgresValue> values,
                                       const std::function<void(Row)>& see) {
    run(sql, Plan::kept, values, see);
}

void PostgresConnection::run(const std::string& sql, Plan plan, std::span<const PostgresValue> values,
                             const std::function<void(Row)>& see) {
    const Waiting waiting(*state_);
    state_->apply_deadline();
    ++state_->statements;
    state_->send(sql, plan, values);
    // However this ends, the connection must not be left with rows that nobody reads.
    const Drained drained{state_->handle()};
    std::vector<std::optional<std::span<const std::byte>>> row;
    while (const std::unique_ptr<PGresult, Freed> result{PQgetResult(state_->handle())}) {
        state_->check(result.get());
        const int columns = PQnfields(result.get());
        for (int i = 0; i < PQntuples(result.get()); ++i) {
            row.clear();
            for (int column = 0; column < columns; ++column) {
                if (PQgetisnull(result.get(), i, column) != 0) row.emplace_back();
                else row.emplace_back(bytes_of(result.get(), i, column));
            }
            see(row);
        }
    }
}

std::uint64_t PostgresConnection::statements() const {
    return state_->statements;
}

bool PostgresConnection::is_usable() {
    if (state_->cancelled) return false;  // The cancellation could hit the next statement.
    PGconn* handle = state_->handle();
    // A server that sends data unasked is closing the connection.
    pollfd news{PQsocket(handle), POLLIN, 0};
    return PQstatus(handle) == CONNECTION_OK && PQtransactionStatus(handle) == PQTRANS_IDLE && ::poll(&news, 1, 0) == 0;
}

Error PostgresConnection::describe(const std::exception& exception) {
    PostgresFailure failure{.message = exception.what(), .connected = PQstatus(state_->handle()) == CONNECTION_OK};
    if (const auto* known = dynamic_cast<const soci::soci_error*>(&exception)) {
        failure.message = known->get_error_message();
    }
    if (const auto* known = dynamic_cast<const soci::postgresql_soci_error*>(&exception)) {
        failure.sqlstate = known->sqlstate();
    }
    if (state_->guard && state_->guard->has_ended() && !state_->deadline.stop_requested()) {
        return {ErrorKind::not_available,
                fmt::format("PostgreSQL at {} does not answer; try again in a moment", state_->location)};
    }
    auto error = describe_postgres_error(state_->location, failure, state_->deadline);
    const bool took_long = Deadline::Clock::now() - state_->waits_since >= kLongStatement;
    if (error.kind == ErrorKind::timeout && took_long && !state_->deadline.stop_requested())
        error.reason = Reason::store_unavailable;
    return error;
}

}  // namespace audio_ident::lib
