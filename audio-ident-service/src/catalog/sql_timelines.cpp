#include "catalog/sql_timelines.hpp"

#include "catalog/run_sql.hpp"
#include "catalog/timeline_record.hpp"

namespace audio_ident::catalog {
namespace {

/// "a = :a, b = :b" of the columns that a job changes, which it binds.
std::string bind_changes(TimelineRecord& record, lib::Query& query) {
    std::string changes;
    record.each_changing_column([&](const std::string& name, auto& value) {
        query.use(value, name);
        changes += (changes.empty() ? "" : ", ") + name + " = :" + name;
    });
    return changes;
}

}  // namespace

std::string SqlTimelines::select_columns() const {
    std::string columns;
    TimelineRecord().each_column([&](const std::string& name, auto&) {
        columns += columns.empty() ? "SELECT " : ", ";
        columns += name.ends_with("_at") ? backend_.dialect().timestamp_text(name) : name;
    });
    return columns + " FROM timelines ";
}

void SqlTimelines::insert(lib::Connection& connection, const TimelineRow& row,
                          const std::optional<TimelineResult>& result) {
    TimelineRecord record(row);
    lib::Nullable<std::string> text(result ? std::optional(result->text) : std::nullopt);
    long long revision = result ? result->revision : 0;
    lib::Query query(connection.session());
    std::string names;
    std::string values;
    const auto add = [&](const std::string& name, auto& value) {
        query.use(value, name);
        names += (names.empty() ? "" : ", ") + name;
        values += (values.empty() ? ":" : ", :") + name;
    };
    record.each_column(add);
    add("revision", revision);
    add("result", text);
    query.change("INSERT INTO timelines (" + names + ") VALUES (" + values + ")");
}

Result<void> SqlTimelines::add(const TimelineRow& row, const Deadline& deadline) {
    auto added = run_sql<void>(backend_, writer_, deadline,
                               [&](lib::Connection& connection) { insert(connection, row, std::nullopt); });
    if (added || added.error().kind != ErrorKind::invalid_input) return added;
    return fail(ErrorKind::invalid_input, "cannot add the timeline {}: its id is known, or its name too long",
                row.id.to_string());
}

Result<bool> SqlTimelines::update(const TimelineRow& row, const Deadline& deadline) {
    return run_sql<bool>(backend_, writer_, deadline, [&](lib::Connection& connection) {
        TimelineRecord record(row);
        std::string id = row.id.to_string();
        lib::Query query(connection.session());
        const auto changes = bind_changes(record, query);
        query.use(id, "id");
        return query.change("UPDATE timelines SET " + changes + " WHERE id = :id") > 0;
    });
}

Result<bool> SqlTimelines::finish(const TimelineRow& row, const std::string& result, const Deadline& deadline) {
    return run_sql<bool>(backend_, writer_, deadline, [&](lib::Connection& connection) {
        TimelineRecord record(row);
        std::string id = row.id.to_string();
        std::string text = result;
        long long entries = row.entries;
        lib::Query query(connection.session());
        const auto changes = bind_changes(record, query);
        query.use(entries, "entries").use(text, "result").use(id, "id");
        return query.change("UPDATE timelines SET " + changes + ", entries = :entries, result = :result" +
                            " WHERE id = :id") > 0;
    });
}

Result<bool> SqlTimelines::change(const Uuid& id, const TimelineResult& changed, std::int64_t entries,
                                  const Deadline& deadline) {
    return run_sql<bool>(backend_, writer_, deadline, [&](lib::Connection& connection) {
        std::string key = id.to_string();
        std::string text = changed.text;
        long long count = entries;
        long long revision = changed.revision;
        return lib::Query(connection.session())
                   .use(text, "result")
                   .use(count, "entries")
                   .use(key, "id")
                   .use(revision, "revision")
                   .change(
                       "UPDATE timelines SET result = :result, entries = :entries, revision = revision + 1"
                       " WHERE id = :id AND revision = :revision AND result IS NOT NULL") > 0;
    });
}

Result<bool> SqlTimelines::remove(const Uuid& id, const Deadline& deadline) {
    return run_sql<bool>(backend_, writer_, deadline, [&](lib::Connection& connection) {
        std::string text = id.to_string();
        return lib::Query(connection.session()).use(text, "id").change("DELETE FROM timelines WHERE id = :id") > 0;
    });
}

Result<std::optional<TimelineRow>> SqlTimelines::find(const Uuid& id, const Deadline& deadline) {
    using Found = std::optional<TimelineRow>;
    return run_sql<Found>(backend_, readers_, deadline, [&](lib::Connection& connection) -> Found {
        std::string text = id.to_string();
        TimelineRecord record;
        lib::Query query(connection.session());
        query.use(text, "id");
        record.each_column([&](const std::string&, auto& column) { query.into(column); });
        query.select(select_columns() + "WHERE id = :id");
        if (!query.next()) return std::nullopt;
        return record.row();
    });
}

Result<std::optional<TimelineResult>> SqlTimelines::result(const Uuid& id, const Deadline& deadline) {
    using Found = std::optional<TimelineResult>;
    return run_sql<Found>(backend_, readers_, deadline, [&](lib::Connection& connection) -> Found {
        std::string key = id.to_string();
        std::string text;
        long long revision = 0;
        lib::Query query(connection.session());
        query.use(key, "id").into(text).into(revision);
        query.select("SELECT result, revision FROM timelines WHERE id = :id AND result IS NOT NULL");
        if (!query.next()) return std::nullopt;
        return TimelineResult{std::move(text), revision};
    });
}

Result<TimelineRowPage> SqlTimelines::list(std::int64_t offset, std::int64_t limit, const Deadline& deadline) {
    return run_sql<TimelineRowPage>(backend_, readers_, deadline, [&](lib::Connection& connection) {
        TimelineRowPage page;
        lib::Transaction one_state(connection, backend_.dialect().begin_read);
        long long total = 0;
        lib::Query counting(connection.session());
        counting.into(total).select("SELECT count(*) FROM timelines");
        counting.next();
        page.total = total;

        long long most = limit;
        long long skipped = offset;
        TimelineRecord record;
        lib::Query listing(connection.session());
        listing.use(most, "limit").use(skipped, "offset");
        record.each_column([&](const std::string&, auto& column) { listing.into(column); });
        listing.select(select_columns() +
                       "ORDER BY timelines.created_at DESC, timelines.id LIMIT :limit OFFSET :offset");
        while (listing.next()) page.rows.push_back(record.row());
        return page;
    });
}

Result<std::vector<TimelineRow>> SqlTimelines::unfinished(const Deadline& deadline) {
    return run_sql<std::vector<TimelineRow>>(backend_, readers_, deadline, [&](lib::Connection& connection) {
        std::vector<TimelineRow> rows;
        TimelineRecord record;
        lib::Query query(connection.session());
        record.each_column([&](const std::string&, auto& column) { query.into(column); });
        query.select(select_columns() +
                     "WHERE status IN ('queued', 'running') ORDER BY timelines.created_at, timelines.id");
        while (query.next()) rows.push_back(record.row());
        return rows;
    });
}

}  // namespace audio_ident::catalog
