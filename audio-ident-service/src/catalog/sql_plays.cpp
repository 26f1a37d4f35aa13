#include "catalog/monitor_sql.hpp"
#include "catalog/run_sql.hpp"
#include "catalog/sql_deliveries.hpp"
#include "catalog/sql_monitors.hpp"
#include "catalog/timestamp_text.hpp"

namespace audio_ident::catalog {
namespace {

/// The conditions of a PlayFilter and their values.
struct Conditions {
    explicit Conditions(const PlayFilter& filter) {
        if (filter.monitor) add("monitor_id = :monitor", monitor = filter.monitor->to_string());
        if (filter.track) add("track_id = :track", track = filter.track->to_string());
        if (filter.from) add("started_at >= :from_time", from = timestamp_to_text(*filter.from));
        if (filter.to) add("started_at < :to_time", to = timestamp_to_text(*filter.to));
    }
    void bind(lib::Query& query) {
        if (!monitor.empty()) query.use(monitor, "monitor");
        if (!track.empty()) query.use(track, "track");
        if (!from.empty()) query.use(from, "from_time");
        if (!to.empty()) query.use(to, "to_time");
    }

    std::string where;
    std::string monitor;
    std::string track;
    std::string from;
    std::string to;

  private:
    void add(std::string_view condition, const std::string&) {
        where += where.empty() ? "WHERE " : "AND ";
        where.append(condition) += ' ';
    }
};

}  // namespace

void SqlMonitors::insert(lib::Connection& connection, const PlayRow& row) {
    put(connection, PlayRecord(row), Known::refused);
}
void SqlMonitors::insert(lib::Connection& connection, const OutageRow& row) {
    put(connection, OutageRecord(row), Known::refused);
}

Result<bool> SqlMonitors::store(const Uuid& monitor, const std::string& keeper, const PlayChanges& changes,
                                const Deadline& deadline) {
    return run_sql<bool>(backend_, writer_, deadline, [&](lib::Connection& connection) {
        lib::Transaction transaction(connection, backend_.dialect().begin_write);
        if (!is_kept_by(connection, monitor, keeper)) return false;
        for (const Uuid& id : changes.removed) remove_plays(connection, "id = :value", id.to_string());
        if (changes.deliver == Deliver::final_plays) SqlDeliveries::add(connection, changes.put);
        for (const PlayRow& play : changes.put) put(connection, PlayRecord(play), Known::replaced);
        if (changes.now) write_note(connection, monitor, keeper, *changes.now);
        transaction.commit();
        return true;
    });
}

Result<PlayPage> SqlMonitors::plays(const PlayFilter& filter, std::int64_t offset, std::int64_t limit,
                                    const Deadline& deadline) {
    return run_sql<PlayPage>(backend_, readers_, deadline, [&](lib::Connection& connection) {
        PlayPage page;
        Conditions conditions(filter);
        lib::Transaction one_state(connection, backend_.dialect().begin_read);
        long long total = 0;
        lib::Query counting(connection.session());
        conditions.bind(counting);
        counting.into(total).select("SELECT count(*) FROM plays " + conditions.where);
        counting.next();
        page.total = total;

        long long most = limit;
        long long skipped = offset;
        PlayRecord record;
        lib::Query listing(connection.session());
        conditions.bind(listing);
        listing.use(most, "limit").use(skipped, "offset");
        record.each_column([&](const std::string&, auto& column) { listing.into(column); });
        listing.select(select_columns<PlayRecord>(backend_.dialect()) + conditions.where +
                       "ORDER BY plays.started_at DESC, plays.id LIMIT :limit OFFSET :offset");
        while (listing.next()) page.plays.push_back(record.row());
        return page;
    });
}

Result<std::vector<PlayTotal>> SqlMonitors::totals(const PlayFilter& filter, TotalsBy by, std::int64_t limit,
                                                   const Deadline& deadline) {
    // Of a track the names in its latest play would need a query for each; the greatest ones do as well.
    const auto time = [&](const char* column) { return backend_.dialect().timestamp_text(column); };
    const std::string day = "substr(" + time("started_at") + ", 1, 10)";
    const std::string key = by == TotalsBy::track ? "track_id" : by == TotalsBy::artist ? "coalesce(artist, '')" : day;
    const bool is_track = by == TotalsBy::track;
    return run_sql<std::vector<PlayTotal>>(backend_, readers_, deadline, [&](lib::Connection& connection) {
        std::vector<PlayTotal> totals;
        Conditions conditions(filter);
        long long most = limit;
        std::string group;
        lib::Nullable<std::string> name;
        lib::Nullable<std::string> artist;
        long long plays = 0;
        double seconds = 0;
        lib::Query query(connection.session());
        conditions.bind(query);
        query.use(most, "limit").into(group).into(name).into(artist).into(plays).into(seconds);
        query.select("SELECT " + key + " AS what, max(title) AS name, max(artist), count(*) AS plays, sum(" +
                     backend_.dialect().seconds_between("started_at", "ended_at") + ") FROM plays " + conditions.where +
                     "GROUP BY " + key + " ORDER BY " + (by == TotalsBy::day ? "what DESC" : "plays DESC, name, what") +
                     " LIMIT :limit");
        while (query.next()) {
            totals.push_back({.track = is_track ? std::optional(stored_id(group)) : std::nullopt,
                              .name = is_track ? name.get<std::string>().value_or("") : group,
                              .artist = is_track ? artist.get<std::string>() : std::nullopt,
                              .plays = plays,
                              .seconds = seconds});
        }
        return totals;
    });
}

Result<std::vector<PlayRow>> SqlMonitors::recent(const Uuid& monitor, Timestamp ended_since, const Deadline& deadline) {
    return run_sql<std::vector<PlayRow>>(backend_, readers_, deadline, [&](lib::Connection& connection) {
        std::vector<PlayRow> plays;
        std::string id = monitor.to_string();
        std::string since = timestamp_to_text(ended_since);
        PlayRecord record;
        lib::Query query(connection.session());
        query.use(id, "id").use(since, "since");
        record.each_column([&](const std::string&, auto& column) { query.into(column); });
        query.select(
            select_columns<PlayRecord>(backend_.dialect()) +
            "WHERE monitor_id = :id AND (final = 0 OR ended_at >= :since) ORDER BY plays.started_at, plays.id");
        while (query.next()) plays.push_back(record.row());
        return plays;
    });
}

Result<bool> SqlMonitors::put_outage(const OutageRow& outage, const std::string& keeper, const Deadline& deadline) {
    return run_sql<bool>(backend_, writer_, deadline, [&](lib::Connection& connection) {
        lib::Transaction transaction(connection, backend_.dialect().begin_write);
        if (!is_kept_by(connection, outage.monitor, keeper)) return false;
        put(connection, OutageRecord(outage), Known::replaced);
        transaction.commit();
        return true;
    });
}

Result<std::vector<OutageRow>> SqlMonitors::outages(const Uuid& monitor, std::int64_t limit, const Deadline& deadline) {
    return run_sql<std::vector<OutageRow>>(backend_, readers_, deadline, [&](lib::Connection& connection) {
        std::vector<OutageRow> outages;
        std::string id = monitor.to_string();
        long long most = limit;
        OutageRecord record;
        lib::Query query(connection.session());
        query.use(id, "id").use(most, "limit");
        record.each_column([&](const std::string&, auto& column) { query.into(column); });
        query.select(select_columns<OutageRecord>(backend_.dialect()) +
                     "WHERE monitor_id = :id ORDER BY outages.started_at DESC, outages.id LIMIT :limit");
        while (query.next()) outages.push_back(record.row());
        return outages;
    });
}

Result<std::int64_t> SqlMonitors::forget(Timestamp before, const Deadline& deadline) {
    return run_sql<std::int64_t>(backend_, writer_, deadline, [&](lib::Connection& connection) -> std::int64_t {
        lib::Transaction transaction(connection, backend_.dialect().begin_write);
        const auto time = timestamp_to_text(before);
        remove_where(connection, "outages", "ended_at < :value", time);
        const auto plays = remove_plays(connection, "final = 1 AND ended_at < :value", time);
        remove_where(connection, "sound_plays", "ended_at < :value", time);
        // A sound is stored with its plays, so only such a removal can leave it without any.
        remove_where(connection, "sounds",
                     "last_heard_at < :value AND track_id IS NULL"
                     " AND NOT EXISTS (SELECT 1 FROM sound_plays WHERE sound_id = sounds.id)",
                     time);
        transaction.commit();
        return plays;
    });
}

}  // namespace audio_ident::catalog
