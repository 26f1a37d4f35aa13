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

PostgresValue array_of(std::span<const std::string_view> texts) {
    std::vector<std::span<const std::byte>> values;
    for (const auto value : texts) values.push_back(std::as_bytes(std::span(value)));
    return PostgresValue::bytea_array(values);
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

}  // namespace

std::unique_ptr<DocumentStore> make_postgres_documents(const std::string& url) {
    return std::make_unique<PostgresDocuments>(url);
}

}  // namespace audio_ident::catalog
