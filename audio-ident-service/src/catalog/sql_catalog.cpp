#include "catalog/sql_catalog.hpp"

#include <utility>

#include "catalog/bounds.hpp"
#include "catalog/run_sql.hpp"
#include "catalog/search_text.hpp"
#include "catalog/timestamp_text.hpp"
#include "catalog/track_record.hpp"

namespace audio_ident::catalog {
namespace {

constexpr std::size_t kReaders = 4;

std::string join(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
    return text;
}

lib::ConnectionPool::Open opener(const std::shared_ptr<SqlBackend>& backend, const Migrator* migrator,
                                 Migrator::Newer newer) {
    return [backend, migrator, newer](const Deadline& deadline) -> Result<std::unique_ptr<lib::Connection>> {
        // Never create here: a database that was deleted while we run must not come back empty.
        auto connection = backend->connect(SqlBackend::Create::never, deadline);
        if (!connection) return connection;
        if (const auto fits = migrator->check_schema(**connection, newer); !fits) return forward(fits);
        return connection;
    };
}

/// The WHERE clause of list() and its values.
struct Filter {
    std::string where;
    std::string state;
    std::string pattern;

    void add(std::string_view condition) {
        where += where.empty() ? "WHERE " : "AND ";
        where += condition;
        where += ' ';
    }
    void bind(lib::Query& query) {
        if (!state.empty()) query.use(state, "state");
        if (!pattern.empty()) query.use(pattern, "pattern");
    }
};

/// The ORDER BY clause. Descending order is the exact reverse, so one index serves both directions.
std::string order_of(const ListQuery& query) {
    const bool down = query.order.value_or(usual_order(query.sort)) == SortOrder::desc;
    const auto by = [down](const char* first, const char* then = "") {
        const std::string direction = down ? " DESC, " : ", ";
        return std::string(first) + direction + (*then ? then + direction : "") +
               (down ? "tracks.id DESC" : "tracks.id");
    };
    switch (query.sort) {
        case TrackSort::title: return by("sort_title");
        case TrackSort::artist: return by("sort_artist", "sort_title");
        case TrackSort::album: return by("sort_album", "sort_title");
        case TrackSort::duration: return by("tracks.duration_seconds");
        case TrackSort::added: break;
    }
    return down ? "tracks.ingested_at DESC, tracks.id" : "tracks.ingested_at, tracks.id DESC";
}

}  // namespace

Result<std::unique_ptr<SqlCatalog>> SqlCatalog::open(std::shared_ptr<SqlBackend> backend, SchemaPolicy policy,
                                                     Clock clock, const Deadline& deadline) {
    auto migrator = Migrator::create(backend);
    if (!migrator) return forward(migrator);
    if (policy != SchemaPolicy::upgrade && !backend->exists()) {
        return fail(ErrorKind::not_available, "there is no catalog at {}; run `audio-ident db upgrade` to create it",
                    backend->location());
    }
    if (policy == SchemaPolicy::upgrade) {
        // Take the write lock only when there is something to migrate.
        const auto current = (*migrator)->current(deadline);
        if (!current) return forward(current);
        if (!*current || (*current)->version != (*migrator)->heads().front().version) {
            const auto done = (*migrator)->upgrade(deadline);
            if (!done) return forward(done);
        }
    }
    const auto newer = policy == SchemaPolicy::exact ? Migrator::Newer::refuse : Migrator::Newer::if_it_works;
    auto catalog = std::unique_ptr<SqlCatalog>(
        new SqlCatalog(std::move(backend), std::move(*migrator), newer, clock ? std::move(clock) : &current_timestamp));
    if (const auto answer = catalog->ping(deadline); !answer) return forward(answer);
    return catalog;
}

SqlCatalog::SqlCatalog(std::shared_ptr<SqlBackend> backend, std::unique_ptr<Migrator> migrator, Migrator::Newer newer,
                       Clock clock)
    : backend_(std::move(backend)),
      migrator_(std::move(migrator)),
      clock_(std::move(clock)),
      readers_(opener(backend_, migrator_.get(), newer), kReaders),
      writer_(opener(backend_, migrator_.get(), newer), 1),
      timelines_(*backend_, readers_, writer_),
      monitors_(*backend_, readers_, writer_),
      deliveries_(*backend_, readers_, writer_) {}

template <typename Value, typename Work>
Result<Value> SqlCatalog::run(lib::ConnectionPool& pool, const Deadline& deadline, Work work) {
    return run_sql<Value>(*backend_, pool, deadline, std::move(work));
}

std::string SqlCatalog::select_columns() const {
    std::vector<std::string> columns;
    TrackRecord().each_column([&](const std::string& name, auto&) {
        if (name.ends_with("_at")) {
            columns.push_back(backend_->dialect().timestamp_text(name));
        } else if (name == "fingerprint_indexed") {
            columns.push_back("CAST(fingerprint_indexed AS INTEGER)");
        } else {
            columns.push_back(name);
        }
    });
    return "SELECT " + join(columns) + " FROM tracks ";
}

Track SqlCatalog::made_now(Track track) const {
    track.ingested_at = track.updated_at = clock_();
    return track;
}

/// Inserts a row inside the caller's transaction.
void SqlCatalog::insert_row(lib::Connection& connection, const Track& row) const {
    TrackRecord record(row);
    lib::Query query(connection.session());
    std::vector<std::string> names;
    const auto add = [&](const std::string& name, auto& value) {
        query.use(value, name);
        names.push_back(name);
    };
    record.each_column(add);
    add("search_text", record.search_text());
    std::string values;
    for (const std::string& name : names) values += (values.empty() ? ":" : ", :") + name;
    query.change("INSERT INTO tracks (" + join(names) + ") VALUES (" + values + ")");
}

/// Updates a row inside the caller's transaction. Returns false when there is no such row.
bool SqlCatalog::update_row(lib::Connection& connection, Track row) const {
    row.updated_at = clock_();
    TrackRecord record(row);
    lib::Query query(connection.session());
    std::vector<std::string> changes;
    const auto change = [&](const std::string& name, auto& value) {
        if (name == "ingested_at") return;
        query.use(value, name);
        if (name != "id") changes.push_back(name + " = :" + name);
    };
    record.each_column(change);
    change("search_text", record.search_text());
    return query.change("UPDATE tracks SET " + join(changes) + " WHERE id = :id") > 0;
}

Result<void> SqlCatalog::insert(const Track& track, const Deadline& deadline) {
    if (const auto bounds = check_bounds(track); !bounds) return forward(bounds);
    Result<void> added = run<void>(writer_, deadline, [&](lib::Connection& connection) {
        lib::Transaction transaction(connection, backend_->dialect().begin_write);
        insert_row(connection, made_now(track));
        transaction.commit();
    });
    if (!added && added.error().kind == ErrorKind::invalid_input) {
        return fail(ErrorKind::invalid_input,
                    "cannot add track {}: its id or its content (SHA-256 {}) is already in the catalog",
                    track.id.to_string(), track.file_hash_sha256);
    }
    return added;
}

Result<bool> SqlCatalog::update(const Track& track, const Deadline& deadline) {
    if (const auto bounds = check_bounds(track); !bounds) return forward(bounds);
    Result<bool> updated = run<bool>(writer_, deadline, [&](lib::Connection& connection) {
        lib::Transaction transaction(connection, backend_->dialect().begin_write);
        const bool found = update_row(connection, track);
        transaction.commit();
        return found;
    });
    if (!updated && updated.error().kind == ErrorKind::invalid_input) {
        return fail(ErrorKind::invalid_input,
                    "cannot change track {}: another track already has its content (SHA-256 {})", track.id.to_string(),
                    track.file_hash_sha256);
    }
    return updated;
}

Result<void> SqlCatalog::put(std::span<const Track> tracks, const Deadline& deadline) {
    for (const Track& track : tracks) {
        if (const auto bounds = check_bounds(track); !bounds) return forward(bounds);
    }
    if (tracks.empty()) return {};
    Result<void> done = run<void>(writer_, deadline, [&](lib::Connection& connection) {
        lib::Transaction transaction(connection, backend_->dialect().begin_write);
        for (const Track& track : tracks) {
            if (!update_row(connection, track)) insert_row(connection, made_now(track));
        }
        transaction.commit();
    });
    if (!done && done.error().kind == ErrorKind::invalid_input) {
        return fail(ErrorKind::invalid_input,
                    "cannot store {} tracks: the content of one of them is already in the catalog", tracks.size());
    }
    return done;
}

Result<void> SqlCatalog::fill(const Filling& filling, const Deadline& deadline) {
    const auto done = run<Result<void>>(writer_, deadline, [&](lib::Connection& connection) -> Result<void> {
        lib::Transaction transaction(connection, backend_->dialect().begin_write);
        if (auto empty = check_is_empty(connection); !empty) return empty;
        const auto all = [](const auto& next, const auto& insert) -> Result<void> {
            while (true) {
                const auto batch = next();
                if (!batch) return forward(batch);
                if (batch->empty()) return {};
                for (const auto& one : *batch) insert(one);
            }
        };
        const auto monitors = [&](const auto& row) { SqlMonitors::insert(connection, row); };
        auto filled = all(filling.tracks, [&](const Track& track) { insert_row(connection, track); });
        if (filled) {
            filled = all(filling.timelines, [&](const Filling::Timeline& timeline) {
                SqlTimelines::insert(connection, timeline.row, timeline.result);
            });
        }
        if (filled) filled = all(filling.monitors, monitors);
        if (filled) filled = all(filling.plays, monitors);
        if (filled) filled = all(filling.outages, monitors);
        if (filled) filled = all(filling.sounds, monitors);
        if (filled) filled = all(filling.sound_plays, monitors);
        if (filled) transaction.commit();
        return filled;
    });
    return done ? *done : Result<void>(forward(done));
}

Result<void> SqlCatalog::check_is_empty(const Deadline& deadline) {
    const auto done =
        run<Result<void>>(readers_, deadline, [&](lib::Connection& connection) { return check_is_empty(connection); });
    return done ? *done : Result<void>(forward(done));
}

Result<void> SqlCatalog::check_is_empty(lib::Connection& connection) const {
    long long tracks = 0;
    long long timelines = 0;
    long long monitors = 0;
    connection.session() << "SELECT count(*) FROM tracks", soci::into(tracks);
    connection.session() << "SELECT count(*) FROM timelines", soci::into(timelines);
    connection.session() << "SELECT count(*) FROM monitors", soci::into(monitors);
    if (tracks == 0 && timelines == 0 && monitors == 0) return {};
    return fail(
        ErrorKind::invalid_input,
        "{} already has {} tracks, {} timelines and {} monitors; copy into an empty library, or empty that one with "
        "`audio-ident db reset`",
        backend_->location(), tracks, timelines, monitors);
}

Result<bool> SqlCatalog::remove(const TrackId& id, const Deadline& deadline) {
    return run<bool>(writer_, deadline, [&](lib::Connection& connection) {
        std::string text = id.to_string();
        lib::Transaction transaction(connection, backend_->dialect().begin_write);
        const bool found =
            lib::Query(connection.session()).use(text, "id").change("DELETE FROM tracks WHERE id = :id") > 0;
        transaction.commit();
        return found;
    });
}

/// Loads the rows that satisfy a condition on :value.
Result<std::vector<Track>> SqlCatalog::select(const std::string& condition, const std::string& value,
                                              const Deadline& deadline) {
    return run<std::vector<Track>>(readers_, deadline, [&](lib::Connection& connection) {
        std::string bound = value;
        TrackRecord record;
        lib::Query query(connection.session());
        query.use(bound, "value");
        record.each_column([&](const std::string&, auto& column) { query.into(column); });
        query.select(select_columns() + "WHERE " + condition);
        std::vector<Track> tracks;
        while (query.next()) tracks.push_back(record.track());
        return tracks;
    });
}

Result<std::optional<Track>> SqlCatalog::select_one(const std::string& condition, const std::string& value,
                                                    const Deadline& deadline) {
    auto tracks = select(condition, value, deadline);
    if (!tracks) return forward(tracks);
    if (tracks->empty()) return std::nullopt;
    return std::move(tracks->front());
}

Result<std::optional<Track>> SqlCatalog::find(const TrackId& id, const Deadline& deadline) {
    return select_one("id = :value", id.to_string(), deadline);
}

Result<std::vector<Track>> SqlCatalog::find_many(std::span<const TrackId> ids, const Deadline& deadline) {
    if (ids.empty()) return std::vector<Track>();
    const SqlDialect& dialect = backend_->dialect();
    return select(dialect.id_in_list, dialect.list_of(ids), deadline);
}

Result<std::optional<Track>> SqlCatalog::find_by_hash(const std::string& sha256, const Deadline& deadline) {
    return select_one("file_hash_sha256 = :value", sha256, deadline);
}

Result<std::optional<Track>> SqlCatalog::find_by_path(const std::string& path, const Deadline& deadline) {
    return select_one("file_path = :value ORDER BY ingested_at DESC, id LIMIT 1", path, deadline);
}

Result<TrackPage> SqlCatalog::list(const ListQuery& query, const Deadline& deadline) {
    if (const auto bounds = check_bounds(query); !bounds) return forward(bounds);
    return run<TrackPage>(readers_, deadline, [&](lib::Connection& connection) {
        Filter filter;
        if (query.state) {
            filter.state = to_text(*query.state);
            filter.add("state = :state");
        }
        if (query.which == Which::damaged) filter.add("(stated_seconds IS NOT NULL OR damaged_frames > 0)");
        if (!query.search.empty()) {
            const auto pattern = search_pattern(query.search);
            if (!pattern) return TrackPage();
            filter.pattern = *pattern;
            filter.add("search_text LIKE :pattern ESCAPE '\\'");
        }

        TrackPage page;
        lib::Transaction one_state(connection, backend_->dialect().begin_read);
        long long total = 0;
        lib::Query counting(connection.session());
        filter.bind(counting);
        counting.into(total);
        counting.select("SELECT count(*) FROM tracks " + filter.where);
        counting.next();
        page.total = total;

        long long limit = query.limit;
        long long offset = query.offset;
        TrackRecord record;
        lib::Query listing(connection.session());
        filter.bind(listing);
        listing.use(limit, "limit").use(offset, "offset");
        record.each_column([&](const std::string&, auto& column) { listing.into(column); });
        listing.select(select_columns() + filter.where + "ORDER BY " + order_of(query) +
                       " LIMIT :limit OFFSET :offset");
        while (listing.next()) page.tracks.push_back(record.track());
        return page;
    });
}

Result<void> SqlCatalog::for_each_file(const std::function<void(const FileRecord&)>& visit, const Deadline& deadline) {
    return run<void>(readers_, deadline, [&](lib::Connection& connection) {
        FileRecord file;
        std::string id;
        std::string state;
        long long size = 0;
        long long modified = 0;
        lib::Query query(connection.session());
        query.into(id).into(file.file_path).into(file.file_hash_sha256).into(size).into(modified);
        query.into(file.duration_seconds).into(state);
        query.select(
            "SELECT id, file_path, file_hash_sha256, file_size_bytes, file_modified_ns, duration_seconds, state"
            " FROM tracks ORDER BY file_path, id");
        while (query.next()) {
            file.id = stored_id(id);
            file.file_size_bytes = size;
            file.file_modified_ns = modified;
            file.state = stored_state(state);
            visit(file);
        }
    });
}

Result<void> SqlCatalog::for_each_chromaprint(
    double low, double high,
    const std::function<void(const TrackId&, double duration_seconds, const std::string& fingerprint)>& visit,
    const Deadline& deadline) {
    return run<void>(readers_, deadline, [&](lib::Connection& connection) {
        std::string id;
        std::string fingerprint;
        double duration = 0;
        lib::Query query(connection.session());
        query.use(low, "low").use(high, "high").into(id).into(duration).into(fingerprint);
        query.select(
            "SELECT id, duration_seconds, chromaprint_fingerprint FROM tracks WHERE state = 'ready'"
            " AND duration_seconds BETWEEN :low AND :high AND chromaprint_fingerprint IS NOT NULL");
        while (query.next()) visit(stored_id(id), duration, fingerprint);
    });
}

Result<std::int64_t> SqlCatalog::count(std::optional<TrackState> state, const Deadline& deadline) {
    return run<std::int64_t>(readers_, deadline, [&](lib::Connection& connection) -> std::int64_t {
        long long total = 0;
        std::string text = state ? to_text(*state) : "";
        lib::Query query(connection.session());
        if (state) query.use(text, "state");
        query.into(total);
        query.select(std::string("SELECT count(*) FROM tracks") + (state ? " WHERE state = :state" : ""));
        query.next();
        return total;
    });
}

Result<std::int64_t> SqlCatalog::generation(const Deadline& deadline) {
    return run<std::int64_t>(readers_, deadline, [&](lib::Connection& connection) -> std::int64_t {
        long long value = 0;
        lib::Query query(connection.session());
        query.into(value).select("SELECT value FROM catalog_generation");
        if (!query.next()) throw BadStoredValue("the table catalog_generation is empty");
        return value;
    });
}

Result<void> SqlCatalog::ping(const Deadline& deadline) {
    const auto answer = generation(deadline);
    if (!answer) return forward(answer);
    return {};
}

}  // namespace audio_ident::catalog
