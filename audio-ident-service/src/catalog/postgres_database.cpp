#include "catalog/postgres_database.hpp"

#include <exception>
#include <memory>

#include "lib/soci/soci_postgres.hpp"
#include "util/url.hpp"

namespace audio_ident::catalog {
namespace {

constexpr const char* kNoTable = "42P01";

bool is_no_table(const std::exception& exception) {
    const auto* known = dynamic_cast<const soci::postgresql_soci_error*>(&exception);
    return known != nullptr && known->sqlstate() == kNoTable;
}

}  // namespace

PostgresDatabase::PostgresDatabase(const std::string& url, std::size_t most_connections)
    : location_(util::mask_url(url)),
      connections_(
          [url](const Deadline& deadline) -> Result<std::unique_ptr<lib::Connection>> {
              return lib::PostgresConnection::open(url, deadline);
          },
          most_connections) {}

Result<void> PostgresDatabase::query(const std::string& sql, std::span<const lib::PostgresValue> values,
                                     const Deadline& deadline, const std::function<void(Row)>& see) {
    auto lease = connections_.acquire(deadline);
    if (!lease) return forward(lease);
    auto& connection = static_cast<lib::PostgresConnection&>(**lease);
    try {
        connection.query(sql, values, see);
        return {};
    } catch (const std::exception& exception) {
        auto error = connection.describe(exception);
        lease->discard();
        if (!is_no_table(exception)) return Unexpected(std::move(error));
        return fail(ErrorKind::unsupported, "{}: the schema is too old; run `audio-ident db upgrade`", location_);
    }
}

lib::PostgresValue text(std::string_view value) {
    return lib::PostgresValue::bytea(std::as_bytes(std::span(value)));
}

std::string text_in(PostgresDatabase::Row row, std::size_t column) {
    const auto bytes = row[column].value();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace audio_ident::catalog
