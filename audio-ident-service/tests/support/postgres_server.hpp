#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::test {

/// A PostgreSQL server of the distribution's package, with its data and its socket in a folder of its own; no port.
/// It never runs as root: then it takes the package's user postgres. Ends with the test program, however that ends.
class PostgresServer {
  public:
    /// Makes and starts it; throws std::runtime_error when that fails.
    PostgresServer();
    ~PostgresServer();

    /// One for all tests of a program, started by the first that asks.
    static PostgresServer& shared();

    /// The URL of an empty database of its own.
    std::string new_database();
    void stop();
    void start();

    /// What psql prints for `sql`, or a command such as \di, in the database at `url`: a line a row, columns separated by
    /// '|'. Throws when it fails.
    static std::string psql(const std::string& url, const std::string& sql);

  private:
    std::string url_of(const std::string& database) const;
    std::vector<std::string> command(const std::string& program, const std::vector<std::string>& arguments) const;

    TempFolder folder_;
    std::optional<Process> server_;
    int databases_ = 0;
};

}  // namespace audio_ident::test
