#include "catalog/monitor_sql.hpp"
#include "catalog/run_sql.hpp"
#include "catalog/sql_monitors.hpp"
#include "catalog/timestamp_text.hpp"

namespace audio_ident::catalog {
namespace {

/// "SELECT …, its plays FROM sounds ".
std::string select_counted(const SqlDialect& dialect) {
    return "SELECT " + columns_of<SoundRecord>(dialect) +
           ", (SELECT count(*) FROM sound_plays WHERE sound_id = sounds.id) AS times FROM sounds ";
}

}  // namespace

void SqlMonitors::insert(lib::Connection& connection, const SoundRow& row) {
    put(connection, SoundRecord(row), Known::refused);
}
void SqlMonitors::insert(lib::Connection& connection, const SoundPlayRow& row) {
    put(connection, SoundPlayRecord(row), Known::refused);
}

Result<SoundPage> SqlMonitors::sounds(const Uuid& monitor, std::int64_t offset, std::int64_t limit,
                                      const Deadline& deadline) {
    return run_sql<SoundPage>(backend_, readers_, deadline, [&](lib::Connection& connection) {
        SoundPage page;
        std::string id = monitor.to_string();
        lib::Transaction one_state(connection, backend_.dialect().begin_read);
        long long total = 0;
        lib::Query counting(connection.session());
        counting.use(id, "id").into(total).select("SELECT count(*) FROM sounds WHERE monitor_id = :id");
        counting.next();
        page.total = total;

        long long most = limit;
        long long skipped = offset;
        SoundRecord record;
        long long plays = 0;
        lib::Query listing(connection.session());
        listing.use(id, "id").use(most, "limit").use(skipped, "offset");
        record.each_column([&](const std::string&, auto& column) { listing.into(column); });
        listing.into(plays).select(select_counted(backend_.dialect()) +
                                   "WHERE monitor_id = :id ORDER BY times DESC, number LIMIT :limit OFFSET :offset");
        while (listing.next()) page.sounds.push_back({record.row(), plays});
        return page;
    });
}

Result<std::optional<CountedSound>> SqlMonitors::find_sound(const Uuid& monitor, std::int64_t number,
                                                            const Deadline& deadline) {
    using Found = std::optional<CountedSound>;
    return run_sql<Found>(backend_, readers_, deadline, [&](lib::Connection& connection) -> Found {
        std::string id = monitor.to_string();
        long long wanted = number;
        SoundRecord record;
        long long plays = 0;
        lib::Query query(connection.session());
        query.use(id, "id").use(wanted, "number");
        record.each_column([&](const std::string&, auto& column) { query.into(column); });
        query.into(plays).select(select_counted(backend_.dialect()) + "WHERE monitor_id = :id AND number = :number");
        return query.next() ? Found({record.row(), plays}) : std::nullopt;
    });
}

Result<std::vector<SoundPlayRow>> SqlMonitors::sound_plays(const Uuid& sound, std::int64_t limit,
                                                           const Deadline& deadline) {
    return run_sql<std::vector<SoundPlayRow>>(backend_, readers_, deadline, [&](lib::Connection& connection) {
        std::vector<SoundPlayRow> plays;
        std::string id = sound.to_string();
        long long most = limit;
        SoundPlayRecord record;
        lib::Query query(connection.session());
        query.use(id, "id").use(most, "limit");
        record.each_column([&](const std::string&, auto& column) { query.into(column); });
        query.select(select_columns<SoundPlayRecord>(backend_.dialect()) +
                     "WHERE sound_id = :id ORDER BY sound_plays.started_at DESC, sound_plays.id LIMIT :limit");
        while (query.next()) plays.push_back(record.row());
        return plays;
    });
}

Result<std::vector<SoundPlayRow>> SqlMonitors::recent_sound_plays(const Uuid& monitor, Timestamp ended_since,
                                                                  const Deadline& deadline) {
    return run_sql<std::vector<SoundPlayRow>>(backend_, readers_, deadline, [&](lib::Connection& connection) {
        std::vector<SoundPlayRow> plays;
        std::string id = monitor.to_string();
        std::string since = timestamp_to_text(ended_since);
        SoundPlayRecord record;
        lib::Query query(connection.session());
        query.use(id, "id").use(since, "since");
        record.each_column([&](const std::string&, auto& column) { query.into(column); });
        query.select(select_columns<SoundPlayRecord>(backend_.dialect()) +
                     "WHERE sound_id IN (SELECT id FROM sounds WHERE monitor_id = :id) AND ended_at >= :since"
                     " ORDER BY sound_plays.started_at, sound_plays.id");
        while (query.next()) plays.push_back(record.row());
        return plays;
    });
}

Result<bool> SqlMonitors::store_sounds(const Uuid& monitor, const std::string& keeper, const SoundChanges& changes,
                                       const Deadline& deadline) {
    return run_sql<bool>(backend_, writer_, deadline, [&](lib::Connection& connection) {
        lib::Transaction transaction(connection, backend_.dialect().begin_write);
        if (!is_kept_by(connection, monitor, keeper)) return false;
        for (const Uuid& id : changes.removed) {
            remove_where(connection, "sound_plays", "sound_id = :value", id.to_string());
            remove_where(connection, "sounds", "id = :value", id.to_string());
        }
        for (const Uuid& id : changes.removed_plays)
            remove_where(connection, "sound_plays", "id = :value", id.to_string());
        for (const SoundRow& row : changes.put) put(connection, SoundRecord(row), Known::replaced);
        for (const SoundPlayRow& row : changes.plays) put(connection, SoundPlayRecord(row), Known::replaced);
        transaction.commit();
        return true;
    });
}

Result<bool> SqlMonitors::keep_sound(const Uuid& sound, const TrackId& track, const Deadline& deadline) {
    return run_sql<bool>(backend_, writer_, deadline, [&](lib::Connection& connection) {
        std::string id = sound.to_string();
        std::string kept = track.to_string();
        lib::Query query(connection.session());
        query.use(kept, "track").use(id, "id");
        return query.change("UPDATE sounds SET track_id = :track WHERE id = :id") > 0;
    });
}

}  // namespace audio_ident::catalog
