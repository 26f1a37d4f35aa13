#include "catalog/postgres_services.hpp"

#include <array>
#include <utility>

#include "catalog/postgres_database.hpp"

namespace audio_ident::catalog {
namespace {

using Row = lib::PostgresConnection::Row;

// Texts travel as bytes.
constexpr const char* kPut =
    "WITH old AS (DELETE FROM services WHERE seen_at < clock_timestamp() - interval '1 hour'"
    " AND id <> convert_from($1, 'UTF8')::uuid)"
    " INSERT INTO services (id, about, seen_at) VALUES (convert_from($1, 'UTF8')::uuid, $2, clock_timestamp())"
    " ON CONFLICT (id) DO UPDATE SET about = excluded.about, seen_at = excluded.seen_at";
constexpr const char* kRemove = "DELETE FROM services WHERE id = convert_from($1, 'UTF8')::uuid";
constexpr const char* kList =
    "SELECT convert_to(id::text, 'UTF8'), about,"
    " (extract(epoch FROM clock_timestamp() - seen_at) * 1000)::bigint FROM services ORDER BY seen_at DESC, id";
constexpr const char* kServer =
    "SELECT convert_to(current_setting('server_version'), 'UTF8'), pg_is_in_recovery()::integer::bigint";
constexpr const char* kStandbys =
    "SELECT convert_to(coalesce(client_addr::text, 'this machine'), 'UTF8'),"
    " coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn), 0)::bigint FROM pg_stat_replication ORDER BY 1";
constexpr const char* kState = "SELECT value FROM fingerprint_meta WHERE name = 'state'";

class PostgresServices final : public ServiceRegistry {
  public:
    explicit PostgresServices(const std::string& url) : database_(url, 1) {}

    Result<void> put(const Uuid& id, const std::string& about, const Deadline& deadline) override {
        const std::string name = id.to_string();
        return database_.query(kPut, std::array{text(name), text(about)}, deadline, [](Row) {});
    }

    Result<void> remove(const Uuid& id, const Deadline& deadline) override {
        const std::string name = id.to_string();
        return database_.query(kRemove, std::array{text(name)}, deadline, [](Row) {});
    }

    Result<std::vector<ServiceRow>> list(const Deadline& deadline) override {
        std::vector<ServiceRow> rows;
        auto done = database_.query(kList, {}, deadline, [&](Row row) {
            const auto id = Uuid::parse(text_in(row, 0));
            if (id) rows.push_back({*id, text_in(row, 1), static_cast<double>(lib::read_bigint(*row[2])) / 1000});
        });
        if (!done) return forward(done);
        return rows;
    }

    Result<DatabaseServer> server(const Deadline& deadline) override {
        DatabaseServer server{.location = database_.location(), .version = {}, .standbys = {}};
        auto done = database_.query(kServer, {}, deadline, [&](Row row) {
            server.version = text_in(row, 0);
            server.is_standby = lib::read_bigint(*row[1]) != 0;
        });
        if (!done) return forward(done);
        if (server.is_standby) return server;
        done = database_.query(kStandbys, {}, deadline, [&](Row row) {
            server.standbys.emplace_back(text_in(row, 0), lib::read_bigint(*row[1]));
        });
        if (!done) return forward(done);
        return server;
    }

    Result<std::optional<std::vector<std::byte>>> index_state(const Deadline& deadline) override {
        std::optional<std::vector<std::byte>> state;
        auto done =
            database_.query(kState, {}, deadline, [&](Row row) { state.emplace(row[0]->begin(), row[0]->end()); });
        if (!done) return forward(done);
        return state;
    }

  private:
    PostgresDatabase database_;
};

}  // namespace

std::unique_ptr<ServiceRegistry> make_postgres_services(const std::string& url) {
    return std::make_unique<PostgresServices>(url);
}

}  // namespace audio_ident::catalog
