#pragma once

#include <optional>
#include <string>

#include "support/process.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::test {

/// A Qdrant server with its data in a folder of its own, on a free port. It ends with the test program in every case.
class QdrantServer {
  public:
    /// The server program: QDRANT_BIN, or the archive in ../shared/tools beside the repository, unpacked once per test
    /// program. nullopt when there is neither; tests then say so and are skipped.
    static std::optional<std::string> program();
    static constexpr const char* kAbsent =
        "no Qdrant program here: name one in QDRANT_BIN, or put qdrant-*.tar.xz into ../shared/tools";

    /// Creates and starts the server. Throws std::runtime_error on failure.
    explicit QdrantServer(std::string api_key = {});
    /// A node of a cluster: its first one, or one that joins `first`.
    enum class Cluster { found, join };
    explicit QdrantServer(Cluster how, const QdrantServer* first = nullptr);
    ~QdrantServer();

    /// One server for all tests of a program, started on first use.
    static QdrantServer& shared();

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    void stop();
    /// Stops its process for a while: connections stay, and nothing answers.
    void pause();
    void resume();
    /// Starts the server again on the same port and data.
    void start();

  private:
    TempFolder folder_;
    std::string api_key_;
    int port_ = 0;
    int peer_port_ = 0;            ///< for the other nodes; 0: no cluster
    std::string first_peer_ = {};  ///< the address of the node to join
    std::optional<Process> server_;
};

}  // namespace audio_ident::test
