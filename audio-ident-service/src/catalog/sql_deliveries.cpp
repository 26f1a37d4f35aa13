#include "catalog/sql_deliveries.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include "catalog/monitor_sql.hpp"
#include "catalog/run_sql.hpp"
#include "catalog/stored_time.hpp"

namespace audio_ident::catalog {
namespace {

bool is_final(lib::Connection& connection, const Uuid& play) {
    std::string id = play.to_string();
    long long count = 0;
    lib::Query query(connection.session());
    query.use(id, "id").into(count).select("SELECT count(*) FROM plays WHERE id = :id AND final = 1");
    return query.next() && count > 0;
}

void insert(lib::Connection& connection, const Uuid& play) {
    std::string id = play.to_string();
    std::string now = timestamp_to_text(current_timestamp());
    lib::Query(connection.session())
        .use(id, "play_id")
        .use(now, "created_at")
        .change("INSERT INTO deliveries (play_id, created_at) VALUES (:play_id, :created_at)");
}

struct First {
    std::string play;
    std::string created_at;
};

std::optional<First> first(lib::Connection& connection, const SqlDialect& dialect) {
    First found;
    lib::Query query(connection.session());
    query.into(found.play).into(found.created_at);
    query.select("SELECT play_id, " + dialect.timestamp_text("created_at") +
                 " FROM deliveries ORDER BY sequence LIMIT 1");
    return query.next() ? std::optional(found) : std::nullopt;
}

bool take(lib::Connection& connection, First& first, std::string sender, Timestamp now, Timestamp until) {
    std::string again = sender;
    std::string at = timestamp_to_text(now);
    std::string end = timestamp_to_text(until);
    const auto taken = lib::Query(connection.session())
                           .use(sender, "sender")
                           .use(end, "end_time")
                           .use(first.play, "play_id")
                           .use(again, "sender_again")
                           .use(at, "now_time")
                           .change(
                               "UPDATE deliveries SET sender = :sender, claimed_until = :end_time WHERE play_id = "
                               ":play_id AND (sender IS NULL OR sender = :sender_again OR claimed_until < :now_time)");
    return taken > 0;
}

}  // namespace

void SqlDeliveries::add(lib::Connection& connection, std::span<const PlayRow> plays) {
    std::vector<std::reference_wrapper<const PlayRow>> sorted(plays.begin(), plays.end());
    std::ranges::stable_sort(sorted, {}, [](const PlayRow& play) { return play.started_at; });
    for (const PlayRow& play : sorted) {
        if (play.final && !is_final(connection, play.id)) insert(connection, play.id);
    }
}

Result<std::int64_t> SqlDeliveries::waiting(const Deadline& deadline) {
    return run_sql<std::int64_t>(backend_, readers_, deadline, [&](lib::Connection& connection) -> std::int64_t {
        long long count = 0;
        lib::Query query(connection.session());
        query.into(count).select("SELECT count(*) FROM deliveries");
        query.next();
        return count;
    });
}

Result<std::optional<Delivery>> SqlDeliveries::claim(const std::string& sender, Timestamp now, Timestamp until,
                                                     const Deadline& deadline) {
    using Claimed = std::optional<Delivery>;
    return run_sql<Claimed>(backend_, writer_, deadline, [&](lib::Connection& connection) -> Claimed {
        lib::Transaction transaction(connection, backend_.dialect().begin_write);
        auto found = first(connection, backend_.dialect());
        if (!found || !take(connection, *found, sender, now, until)) return std::nullopt;
        const auto plays = select_rows<PlayRecord>(connection, backend_.dialect(), "WHERE id = :value", found->play);
        if (plays.empty()) throw BadStoredValue("the play '" + found->play + "' of a delivery is gone");
        const auto monitors = select_rows<MonitorRecord>(connection, backend_.dialect(), "WHERE id = :value",
                                                         plays.front().monitor.to_string());
        transaction.commit();
        return Delivery{plays.front(), monitors.empty() ? std::string() : monitors.front().name,
                        stored_time(found->created_at)};
    });
}

Result<bool> SqlDeliveries::finish(const Uuid& play, const Deadline& deadline) {
    return run_sql<bool>(backend_, writer_, deadline, [&](lib::Connection& connection) {
        return remove_where(connection, "deliveries", "play_id = :value", play.to_string()) > 0;
    });
}

Result<std::int64_t> SqlDeliveries::drop(Timestamp before, const Deadline& deadline) {
    return run_sql<std::int64_t>(backend_, writer_, deadline, [&](lib::Connection& connection) -> std::int64_t {
        return remove_where(connection, "deliveries", "created_at < :value", timestamp_to_text(before));
    });
}

}  // namespace audio_ident::catalog
