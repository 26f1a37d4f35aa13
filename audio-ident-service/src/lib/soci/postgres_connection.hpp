#pragma once

#include <memory>
#include <string>

#include "core/result.hpp"
#include "lib/soci/connection.hpp"

namespace audio_ident::lib {

/// A connection to a PostgreSQL database. The server ends a statement at the deadline, and a stop cancels it. A network
/// that goes silent is noticed within about ten seconds.
class PostgresConnection : public Connection {
  public:
    /// `url` is in libpq's form, postgresql://USER:PASSWORD@HOST:PORT/NAME?PARAMETERS. Fails as describe() says. The
    /// deadline applies to connecting (at most ten seconds) and until the next set_deadline().
    static Result<std::unique_ptr<PostgresConnection>> open(const std::string& url, const Deadline& deadline);
    ~PostgresConnection() override;

    soci::session& session() override;
    void set_deadline(const Deadline& deadline) override;
    void run_script(const std::string& sql) override;
    /// False when the server closed the connection, or its last user left it in the middle of a transaction.
    bool is_usable() override;
    Error describe(const std::exception& exception) override;

  private:
    struct State;
    explicit PostgresConnection(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace audio_ident::lib
