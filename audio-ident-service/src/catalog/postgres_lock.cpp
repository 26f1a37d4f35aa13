#include "catalog/postgres_lock.hpp"

#include <array>
#include <chrono>
#include <exception>
#include <fmt/format.h>
#include <mutex>
#include <unistd.h>
#include <utility>

#include "lib/soci/postgres_connection.hpp"
#include "lib/soci/soci_postgres.hpp"
#include "util/host_name.hpp"
#include "util/url.hpp"

namespace audio_ident::catalog {
namespace {

using Row = lib::PostgresConnection::Row;

// An arbitrary number that stands for "changes audio-ident's library" among the database's advisory locks.
constexpr const char* kKey = "4702111234474983747";
// Its rows in pg_locks, where the number is in two halves.
constexpr const char* kRows =
    "pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND ((classid::bigint << 32) | objid::bigint) = {}"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
constexpr auto kAnswer = std::chrono::seconds(10);  ///< for what does not wait for the lock
constexpr auto kGoodbye = std::chrono::seconds(2);

std::string rows() {
    return fmt::format(fmt::runtime(kRows), kKey);
}

std::string this_program(const std::string& purpose) {
    const auto host = util::host_name();
    return fmt::format("pid {} on {}: {}", ::getpid(), host.empty() ? "a host" : host, purpose);
}

std::span<const std::byte> bytes_of(const std::string& text) {
    return std::as_bytes(std::span(text));
}

bool is_lock_timeout(const std::exception& exception) {
    const auto* known = dynamic_cast<const soci::postgresql_soci_error*>(&exception);
    return known != nullptr && known->sqlstate() == "55P03";
}

class PostgresLock final : public SharedLock {
  public:
    PostgresLock(std::unique_ptr<lib::PostgresConnection> connection, std::string location)
        : connection_(std::move(connection)), location_(std::move(location)) {}

    ~PostgresLock() override {
        // The server would notice the closed connection too, but later than whoever asks next.
        static_cast<void>(guarded(Deadline::after(kGoodbye), [&]() -> Result<void> {
            query(fmt::format("SELECT pg_advisory_unlock({})", kKey));
            return {};
        }));
    }
    PostgresLock(const PostgresLock&) = delete;
    PostgresLock& operator=(const PostgresLock&) = delete;

    Result<void> take(const std::string& purpose, Place place, const Deadline& deadline) {
        const Deadline answer = Deadline::after(kAnswer, deadline.stop_token());
        bool taken = false;
        auto tried = guarded(answer, [&]() -> Result<void> {
            const std::array name = {lib::PostgresValue::bytea(bytes_of(this_program(purpose)))};
            connection_->query("SELECT set_config('application_name', convert_from($1, 'UTF8'), false)", name,
                               [](Row) {});
            taken = holds("SELECT pg_try_advisory_lock({})");
            return {};
        });
        if (!tried || taken) return tried;
        if (place == Place::in_line && !deadline.expired()) {
            auto waited = guarded(deadline, [&]() -> Result<void> {
                try {
                    query(fmt::format("SELECT pg_advisory_lock({})", kKey));
                    taken = true;
                } catch (const std::exception& exception) {
                    if (!is_lock_timeout(exception) || deadline.stop_requested()) throw;
                }
                return {};
            });
            if (!waited || taken) return waited;
        }
        std::string holder = "another program";
        auto asked = guarded(answer, [&]() -> Result<void> {
            connection_->query(
                "SELECT convert_to(application_name, 'UTF8') FROM pg_stat_activity WHERE application_name <> ''"
                " AND pid IN (SELECT pid FROM " +
                    rows() + " AND granted)",
                {}, [&](Row row) {
                    const auto name = row[0].value();
                    holder.assign(reinterpret_cast<const char*>(name.data()), name.size());
                });
            return {};
        });
        if (!asked) return asked;
        return fail(ErrorKind::not_available, "the library at {} is locked by {}; wait for it to end, or stop it",
                    location_, holder);
    }

    Result<void> check(const Deadline& deadline) override {
        auto answered = guarded(deadline, [&]() -> Result<void> {
            query("SELECT 1");
            return {};
        });
        if (answered || deadline.stop_requested()) return answered;
        return fail(
            ErrorKind::not_available,
            "lost the lock of the library at {}, so that another program may change it: {}; run the command again",
            location_, answered.error().message);
    }

    Result<bool> is_wanted(const Deadline& deadline) override {
        bool wanted = false;
        const auto asked = guarded(deadline, [&]() -> Result<void> {
            wanted = holds("SELECT EXISTS (SELECT FROM " + rows() + " AND NOT granted)");
            return {};
        });
        if (!asked) return forward(asked);
        return wanted;
    }

  private:
    template <typename Body>
    Result<void> guarded(const Deadline& deadline, const Body& body) {
        const std::lock_guard lock(mutex_);
        try {
            connection_->set_deadline(deadline);
            return body();
        } catch (const std::exception& exception) {
            return Unexpected(connection_->describe(exception));
        }
    }

    void query(const std::string& sql) {
        connection_->query(sql, {}, [](Row) {});
    }

    /// The one boolean of a statement.
    bool holds(const std::string& sql) {
        bool answer = false;
        connection_->query(fmt::format(fmt::runtime(sql), kKey), {},
                           [&](Row row) { answer = row[0].value()[0] != std::byte{0}; });
        return answer;
    }

    std::mutex mutex_;
    std::unique_ptr<lib::PostgresConnection> connection_;
    std::string location_;
};

}  // namespace

Result<std::unique_ptr<SharedLock>> lock_postgres(const std::string& url, const std::string& purpose,
                                                  SharedLock::Place place, const Deadline& deadline) {
    auto opened = lib::PostgresConnection::open(url, Deadline::after(kAnswer, deadline.stop_token()));
    if (!opened) return forward(opened);
    auto lock = std::make_unique<PostgresLock>(std::move(*opened), util::mask_url(url));
    if (auto taken = lock->take(purpose, place, deadline); !taken) return forward(taken);
    return lock;
}

}  // namespace audio_ident::catalog
