#include "catalog/postgres_documents.hpp"

#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "catalog/postgres_database.hpp"

namespace audio_ident::catalog {
namespace {

using lib::PostgresValue;
using Row = lib::PostgresConnection::Row;

PostgresValue text(std::string_view value) {
    return PostgresValue::bytea(std::as_bytes(std::span(value)));
}

PostgresValue array_of(std::span<const std::string_view> texts) {
    std::vector<std::span<const std::byte>> values;
    for (const auto value : texts) values.push_back(std::as_bytes(std::span(value)));
    return PostgresValue::bytea_array(values);
}

std::string text_in(Row row, std::size_t column) {
    const auto bytes = row[column].value();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Names travel as bytes, and become text in the statement.
constexpr const char* kFind = "SELECT content FROM documents WHERE name = convert_from($1, 'UTF8')";
constexpr const char* kNames =
    "SELECT convert_to(name, 'UTF8') FROM documents WHERE starts_with(name, convert_from($1, 'UTF8')) ORDER BY name";
constexpr const char* kInFolder =
    "SELECT convert_to(name, 'UTF8'), content FROM documents WHERE starts_with(name, convert_from($1, 'UTF8'))"
    " AND strpos(substr(name, 1 + length(convert_from($1, 'UTF8'))), '/') = 0 ORDER BY name";
constexpr const char* kPut =
    "INSERT INTO documents (name, content) SELECT convert_from(name, 'UTF8'), content FROM unnest($1, $2)"
    " AS new (name, content) ON CONFLICT (name) DO UPDATE SET content = excluded.content, revision = excluded.revision";
constexpr const char* kRemove = "DELETE FROM documents WHERE name = convert_from($1, 'UTF8') RETURNING 1::bigint";
constexpr const char* kStamps =
    "SELECT convert_to(name, 'UTF8'), convert_to(revision::text, 'UTF8') FROM documents"
    " WHERE name IN (SELECT convert_from(wanted, 'UTF8') FROM unnest($1) AS wanted)";

/// "jobs" as the beginning of names.
std::string beginning(const std::string& folder) {
    return folder + '/';
}

class PostgresDocuments final : public DocumentStore {
  public:
    explicit PostgresDocuments(const std::string& url) : database_(url, kMostConnections) {}

    using DocumentStore::put;
    std::string location(std::string_view name) const override {
        return fmt::format("the document {} in {}", name, database_.location());
    }

    Result<std::optional<std::string>> find(const std::string& name, const Deadline& deadline) override {
        std::optional<std::string> content;
        auto done =
            database_.query(kFind, std::array{text(name)}, deadline, [&](Row row) { content = text_in(row, 0); });
        if (!done) return forward(done);
        return content;
    }

    Result<std::vector<std::string>> names(const std::string& folder, const Deadline& deadline) override {
        std::vector<std::string> names;
        auto done = database_.query(kNames, std::array{text(beginning(folder))}, deadline,
                                    [&](Row row) { names.push_back(text_in(row, 0)); });
        if (!done) return forward(done);
        return names;
    }

    Result<std::vector<Document>> in_folder(const std::string& folder, const Deadline& deadline) override {
        std::vector<Document> documents;
        auto done = database_.query(kInFolder, std::array{text(beginning(folder))}, deadline, [&](Row row) {
            documents.push_back({text_in(row, 0), text_in(row, 1)});
        });
        if (!done) return forward(done);
        return documents;
    }

    Result<void> put(std::span<const Document> documents, Worth, const Deadline& deadline) override {
        // A statement takes a row once.
        std::map<std::string_view, std::string_view> by_name;
        for (const Document& document : documents) by_name[document.name] = document.content;
        std::vector<std::string_view> names;
        std::vector<std::string_view> contents;
        for (const auto& [name, content] : by_name) {
            names.push_back(name);
            contents.push_back(content);
        }
        return database_.query(kPut, std::array{array_of(names), array_of(contents)}, deadline, [](Row) {});
    }

    Result<bool> remove(const std::string& name, const Deadline& deadline) override {
        bool removed = false;
        auto done = database_.query(kRemove, std::array{text(name)}, deadline, [&](Row) { removed = true; });
        if (!done) return forward(done);
        return removed;
    }

    Result<std::vector<std::string>> stamps(std::span<const std::string> names, const Deadline& deadline) override {
        std::map<std::string, std::string> found;
        auto done =
            database_.query(kStamps, std::array{array_of(std::vector<std::string_view>(names.begin(), names.end()))},
                            deadline, [&](Row row) { found[text_in(row, 0)] = text_in(row, 1); });
        if (!done) return forward(done);
        std::vector<std::string> stamps;
        for (const auto& name : names) stamps.push_back(found[name]);
        return stamps;
    }

  private:
    static constexpr std::size_t kMostConnections = 4;

    PostgresDatabase database_;
};

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

std::unique_ptr<DocumentStore> make_postgres_documents(const std::string& url) {
    return std::make_unique<PostgresDocuments>(url);
}

std::unique_ptr<JobLeases> make_postgres_job_leases(const std::string& url, std::string service) {
    return std::make_unique<PostgresJobLeases>(url, std::move(service));
}

}  // namespace audio_ident::catalog
