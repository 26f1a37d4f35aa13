#pragma once

#include <memory>
#include <string>

#include "core/result.hpp"
#include "lib/soci/connection.hpp"

namespace audio_ident::lib {

/// A connection to an SQLite file in WAL mode, with foreign keys on and every commit flushed to disk.
class SqliteConnection : public Connection {
  public:
    enum class Create { if_missing, never };

    /// Fails as describe() says. The deadline applies to opening and until the next set_deadline().
    static Result<std::unique_ptr<SqliteConnection>> open(const std::string& path, Create create,
                                                          const Deadline& deadline);
    ~SqliteConnection() override;

    soci::session& session() override;
    void set_deadline(const Deadline& deadline) override;
    void run_script(const std::string& sql) override;
    /// False when the file was removed, renamed or replaced since it was opened. Writes would then be lost.
    bool is_usable() override;
    Error describe(const std::exception& exception) override;

  private:
    struct State;
    explicit SqliteConnection(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace audio_ident::lib
