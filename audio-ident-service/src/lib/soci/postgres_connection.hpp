#pragma once

#include <memory>
#include <string>

#include "core/result.hpp"
#include "lib/soci/connection.hpp"

namespace audio_ident::lib {

/// A connection to one PostgreSQL database. The server ends a statement at the deadline; a stop cancels it; a network
/// that goes silent is noticed within some ten seconds.
class PostgresConnection : public Connection {
  public:
    /// `url` as libpq takes it, postgresql://USER:PASSWORD@HOST:PORT/NAME?PARAMETERS. Fails as describe() says. The
    /// deadline holds for the opening (of at most ten seconds) and until the next set_deadline().
    static Result<std::unique_ptr<PostgresConnection>> open(const std::string& url, const Deadline& deadline);
    ~PostgresConnection() override;

    soci::session& session() override;
    void set_deadline(const Deadline& deadline) override;
    void run_script(const std::string& sql) override;
    /// False when the server has closed it, or its last user left it in the middle of something.
    bool is_usable() override;
    Error describe(const std::exception& exception) override;

  private:
    struct State;
    explicit PostgresConnection(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace audio_ident::lib
