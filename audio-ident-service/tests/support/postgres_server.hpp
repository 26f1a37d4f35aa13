#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::test {

/// A PostgreSQL server from the distribution's package, with its data and its socket in a folder of its own and no TCP
/// port. It never runs as root; when the tests do, it uses the package's user postgres. It ends with the test program
/// in every case.
class PostgresServer {
  public:
    /// Creates and starts the server. Throws std::runtime_error on failure.
    PostgresServer();
    ~PostgresServer();

    /// One server for all tests of a program, started on first use.
    static PostgresServer& shared();

    /// Creates an empty database and returns its URL.
    std::string new_database();
    void stop();
    void start();

    /// What psql prints for `sql` (or for a command such as \di) in the database at `url`: one line per row, columns
    /// separated by '|'. Throws on failure.
    static std::string psql(const std::string& url, const std::string& sql);
    /// Connections to the database at `url`, but for the one that asks.
    static int connections(const std::string& url);
    /// Ends every connection to the database at `url`, and waits until the server's processes for them have gone.
    static void end_connections(const std::string& url);

  private:
    std::string url_of(const std::string& database) const;
    std::vector<std::string> command(const std::string& program, const std::vector<std::string>& arguments) const;

    TempFolder folder_;
    std::optional<Process> server_;
    int databases_ = 0;
};

}  // namespace audio_ident::test
