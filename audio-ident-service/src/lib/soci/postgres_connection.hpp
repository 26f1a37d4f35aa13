#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/result.hpp"
#include "lib/soci/connection.hpp"
#include "lib/soci/postgres_value.hpp"

namespace audio_ident::lib {

/// A connection to a PostgreSQL database. The server ends a statement at the deadline, and a stop cancels it. A
/// statement that took a second or more until then has the reason store_unavailable. A server that hangs loses the
/// connection when another quarter of the time and half a second have passed (not_available). A network that goes
/// silent is noticed within about ten seconds.
class PostgresConnection : public Connection {
  public:
    /// `url` is in libpq's form, postgresql://USER:PASSWORD@HOST:PORT/NAME?PARAMETERS. Fails as describe() says. The
    /// deadline applies to connecting (at most ten seconds) and until the next set_deadline().
    static Result<std::unique_ptr<PostgresConnection>> open(const std::string& url, const Deadline& deadline);
    ~PostgresConnection() override;

    soci::session& session() override;
    void set_deadline(const Deadline& deadline) override;
    void run_script(const std::string& sql) override;
    using Row = std::span<const std::optional<std::span<const std::byte>>>;
    /// Runs one statement with parameters $1, $2, … and calls `see` for each row as it arrives, with its columns in
    /// PostgreSQL's binary format; they are valid within the call. `see` must not use the connection. Throws what SOCI
    /// throws, and what `see` throws.
    void query(const std::string& sql, std::span<const PostgresValue> values, const std::function<void(Row)>& see);
    /// The same for a statement that is made often and takes longer to plan than to run: the server keeps its plan for
    /// as long as the connection lives. The first time takes one wait more.
    void query_planned(const std::string& sql, std::span<const PostgresValue> values,
                       const std::function<void(Row)>& see);
    /// The statements that query() and run_script() have run so far.
    std::uint64_t statements() const;
    /// False when the server closed the connection, or its last user left it in the middle of a transaction.
    bool is_usable() override;
    Error describe(const std::exception& exception) override;

  private:
    struct State;
    struct Waiting;
    enum class Plan { once, kept };

    explicit PostgresConnection(std::unique_ptr<State> state);

    void run(const std::string& sql, Plan plan, std::span<const PostgresValue> values,
             const std::function<void(Row)>& see);

    std::unique_ptr<State> state_;
};

}  // namespace audio_ident::lib
