#include "index/postgres/postgres_map_store.hpp"

#include <optional>
#include <utility>

#include "index/postgres/postgres_maps.hpp"
#include "lib/soci/soci_postgres.hpp"
#include "util/url.hpp"

namespace audio_ident::index {

namespace {

using Row = lib::PostgresConnection::Row;

// Each running search has one.
constexpr std::size_t kMostConnections = 32;
// Each monitor keeps one, and two while it changes them (64 monitors at most); so does each timeline.
constexpr std::size_t kMostKept = 160;
// An arbitrary number that stands for "writes audio-ident's fingerprint index" among the database's advisory locks.
constexpr const char* kLock = "SELECT pg_advisory_lock(4702111234474983746)";
constexpr const char* kUnlock = "SELECT pg_advisory_unlock(4702111234474983746)";
constexpr const char* kRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

void see_nothing(Row) {}

lib::ConnectionPool::Open opener_of(const std::string& url) {
    return [url](const Deadline& deadline) -> Result<std::unique_ptr<lib::Connection>> {
        return lib::PostgresConnection::open(url, deadline);
    };
}

bool is_state(const std::exception& exception, std::string_view sqlstate) {
    const auto* known = dynamic_cast<const soci::postgresql_soci_error*>(&exception);
    return known != nullptr && known->sqlstate() == sqlstate;
}

std::int64_t number_from(lib::PostgresConnection& connection, const std::string& sql) {
    std::optional<std::int64_t> number;
    connection.query(sql, {}, [&](Row row) { number = lib::read_bigint(row[0].value()); });
    if (!number) throw Corrupt("the row of fingerprint_turn is missing");
    return *number;
}

}  // namespace

PostgresMapStore::Lease::~Lease() {
    if (lease_ && lease_->holds() && !(**this).is_usable()) lease_->discard();
}

class PostgresMapStore::Turn final : public WritingTurn {
  public:
    Turn(PostgresMapStore& store, Lease connection) : store_(store), connection_(std::move(connection)) {}
    ~Turn() override {
        if (!connection_) return;
        try {
            (*connection_)->set_deadline(Deadline());
            (*connection_)->query(kUnlock, {}, &see_nothing);
        } catch (const std::exception&) {
            connection_->discard();  // The lock goes with it.
        }
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    Result<void> begin(const Deadline& deadline) {
        return store_.guarded(*connection_, [&]() -> Result<void> {
            try {
                (*connection_)->query(kLock, {}, &see_nothing);
            } catch (const std::exception& exception) {
                if (!is_state(exception, "55P03") || deadline.stop_requested()) throw;
                return fail(ErrorKind::timeout, "{} {}: another program was still writing when the time ran out",
                            store_.name_.what, store_.location_);
            }
            fence_ = number_from(**connection_, "UPDATE fingerprint_turn SET fence = fence + 1 RETURNING fence");
            return {};
        });
    }

    Result<void> write(const Deadline& deadline, const std::function<Result<Outcome>(MapTransaction&)>& body) override {
        bool freed = false;
        auto done = transact(deadline, [&](lib::PostgresConnection& connection) {
            PostgresMaps maps(connection);
            auto outcome = body(maps);
            if (outcome && *outcome == Outcome::changed) maps.flush();
            freed = maps.freed_postings();
            return outcome;
        });
        if (done && freed) reuse_space();
        return done;
    }

    Result<void> erase(const Deadline& deadline) {
        auto done = transact(deadline, [](lib::PostgresConnection& connection) {
            connection.query(
                "UPDATE fingerprint_turn"
                " SET epoch = greatest(epoch + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)",
                {}, &see_nothing);
            PostgresMaps maps(connection);
            for (const Map map : kEveryMap) maps.clear(map);
            return Result<Outcome>(Outcome::changed);
        });
        if (done) reuse_space();
        return done;
    }

  private:
    using Body = std::function<Result<Outcome>(lib::PostgresConnection&)>;

    Result<void> transact(const Deadline& deadline, const Body& body) {
        if (auto usable = reconnect(deadline); !usable) return usable;
        return store_.guarded(*connection_, [&]() -> Result<void> {
            lib::Transaction transaction(**connection_, "BEGIN");
            if (number_from(**connection_, "SELECT fence FROM fingerprint_turn FOR UPDATE") != fence_) {
                return fail(ErrorKind::not_available,
                            "{} {}: another program took over while this one was cut off; run the command again",
                            store_.name_.what, store_.location_);
            }
            const auto outcome = body(**connection_);
            if (!outcome) return forward(outcome);
            if (*outcome == Outcome::changed) transaction.commit();
            return {};
        });
    }

    /// A connection that died is replaced. Then nobody holds the lock for this turn, but the number is still checked.
    Result<void> reconnect(const Deadline& deadline) {
        if (connection_ && (*connection_)->is_usable()) {
            (*connection_)->set_deadline(deadline);
            return {};
        }
        connection_.reset();
        auto opened = store_.connect(deadline);
        if (!opened) return forward(opened);
        connection_.emplace(std::move(*opened));
        return {};
    }

    /// Lets later rows take the place of removed ones: the next step of a merge writes as much as this one removed, and
    /// the server's own housekeeping would come too late. What a running search may read stays.
    void reuse_space() {
        try {
            (*connection_)->run_script("VACUUM (INDEX_CLEANUP ON) fingerprint_postings");
        } catch (const std::exception&) {
            // Only space is lost, until the server does it by itself.
        }
    }

    PostgresMapStore& store_;
    std::optional<Lease> connection_;
    std::int64_t fence_ = 0;
};

PostgresMapStore::PostgresMapStore(const std::string& url, const IndexName& name)
    : name_(name),
      location_(util::mask_url(url)),
      connections_(opener_of(url), kMostConnections),
      kept_(opener_of(url), kMostKept) {}

Result<PostgresMapStore::Lease> PostgresMapStore::connect(const Deadline& deadline) {
    auto& pool = deadline.when() == Deadline::Clock::time_point::max() ? kept_ : connections_;
    auto lease = pool.acquire(deadline);
    if (!lease) return forward(lease);
    return Lease(std::move(*lease));
}

Result<void> PostgresMapStore::guarded(Lease& connection, const std::function<Result<void>()>& body) const {
    return guarded_of_store(name_, location_, [&]() -> Result<void> {
        try {
            return body();
        } catch (const soci::soci_error& exception) {
            if (is_state(exception, "42P01")) {
                return fail(ErrorKind::unsupported,
                            "{} {}: the database has no tables for it; run `audio-ident db upgrade`", name_.what,
                            location_);
            }
            return Unexpected(connection->describe(exception));
        }
    });
}

Result<void> PostgresMapStore::read(const Deadline& deadline, const std::function<Result<void>(const MapView&)>& body) {
    if (deadline.expired()) return fail(ErrorKind::timeout, "{}: no time left to read it", name_.what);
    auto connection = connect(deadline);
    if (!connection) return forward(connection);
    return guarded(*connection, [&]() -> Result<void> {
        const lib::Transaction transaction(**connection, kRead);
        return body(PostgresMaps(**connection));
    });
}

Result<std::unique_ptr<WritingTurn>> PostgresMapStore::take_turn(const Deadline& deadline) {
    if (deadline.expired()) return fail(ErrorKind::timeout, "{}: no time left to write it", name_.what);
    auto connection = connect(deadline);
    if (!connection) return forward(connection);
    auto turn = std::make_unique<Turn>(*this, std::move(*connection));
    if (auto begun = turn->begin(deadline); !begun) return forward(begun);
    return turn;
}

Result<void> PostgresMapStore::check_schema(const Deadline& deadline) {
    auto connection = connect(deadline);
    if (!connection) return forward(connection);
    return guarded(*connection, [&]() -> Result<void> {
        number_from(**connection, "SELECT fence FROM fingerprint_turn");
        return {};
    });
}

Result<void> PostgresMapStore::erase(const Deadline& deadline) {
    auto turn = take_turn(deadline);
    if (!turn) return forward(turn);
    return static_cast<Turn&>(**turn).erase(deadline);
}

}  // namespace audio_ident::index
