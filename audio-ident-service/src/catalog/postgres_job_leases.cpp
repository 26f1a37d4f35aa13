#include "catalog/postgres_job_leases.hpp"

#include <array>
#include <utility>

#include "catalog/postgres_database.hpp"

namespace audio_ident::catalog {
namespace {

using lib::PostgresValue;
using Row = PostgresDatabase::Row;

// Ids travel as texts.
constexpr const char* kTake =
    "INSERT INTO job_leases (job_id, service, held_until) VALUES (convert_from($1, 'UTF8')::uuid,"
    " convert_from($2, 'UTF8'), clock_timestamp() + $3 * interval '1 second') ON CONFLICT (job_id) DO UPDATE"
    " SET service = excluded.service, held_until = excluded.held_until"
    " WHERE job_leases.held_until < clock_timestamp() OR job_leases.service = excluded.service RETURNING 1::bigint";
constexpr const char* kRenew =
    "UPDATE job_leases SET held_until = clock_timestamp() + $3 * interval '1 second'"
    " WHERE job_id = convert_from($1, 'UTF8')::uuid AND service = convert_from($2, 'UTF8')"
    " RETURNING cancelled::integer::bigint";
constexpr const char* kRelease =
    "DELETE FROM job_leases WHERE job_id = convert_from($1, 'UTF8')::uuid AND service = convert_from($2, 'UTF8')";
constexpr const char* kCancel =
    "UPDATE job_leases SET cancelled = true WHERE job_id = convert_from($1, 'UTF8')::uuid"
    " AND held_until >= clock_timestamp() RETURNING 1::bigint";

class PostgresJobLeases final : public JobLeases {
  public:
    PostgresJobLeases(const std::string& url, std::string service)
        : database_(url, kMostConnections), service_(std::move(service)) {}

    Result<bool> take(const Uuid& job, const Deadline& deadline) override {
        const auto taken = first(kTake, std::array{id(job), text(service_), seconds()}, deadline);
        if (!taken) return forward(taken);
        return taken->has_value();
    }

    Result<Held> renew(const Uuid& job, const Deadline& deadline) override {
        const auto cancelled = first(kRenew, std::array{id(job), text(service_), seconds()}, deadline);
        if (!cancelled) return forward(cancelled);
        if (!*cancelled) return Held::no;
        return **cancelled != 0 ? Held::cancelled : Held::yes;
    }

    Result<void> release(const Uuid& job, const Deadline& deadline) override {
        return database_.query(kRelease, std::array{id(job), text(service_)}, deadline, [](Row) {});
    }

    Result<bool> cancel(const Uuid& job, const Deadline& deadline) override {
        const auto held = first(kCancel, std::array{id(job)}, deadline);
        if (!held) return forward(held);
        return held->has_value();
    }

  private:
    static constexpr std::size_t kMostConnections = 2;

    static PostgresValue id(const Uuid& job) { return text(job.to_string()); }
    static PostgresValue seconds() { return PostgresValue::bigint(kLease.count()); }

    /// The number that a statement returns.
    Result<std::optional<std::int64_t>> first(const char* sql, std::span<const PostgresValue> values,
                                              const Deadline& deadline) {
        std::optional<std::int64_t> number;
        auto done = database_.query(sql, values, deadline, [&](Row row) { number = lib::read_bigint(row[0].value()); });
        if (!done) return forward(done);
        return number;
    }

    PostgresDatabase database_;
    std::string service_;
};

}  // namespace

std::unique_ptr<JobLeases> make_postgres_job_leases(const std::string& url, std::string service) {
    return std::make_unique<PostgresJobLeases>(url, std::move(service));
}

}  // namespace audio_ident::catalog
