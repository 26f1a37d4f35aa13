#pragma once

#include <optional>
#include <string>

#include "support/process.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::test {

/// A Qdrant server with its data in a folder of its own, on a free port. Ends with the test program, however that ends.
class QdrantServer {
  public:
    /// The server's program: QDRANT_BIN, or the one in ../shared/tools beside the repository, unpacked once a test program.
    /// nullopt when there is neither: tests say so and are skipped.
    static std::optional<std::string> program();
    static constexpr const char* kAbsent =
        "no Qdrant program here: name one in QDRANT_BIN, or put qdrant-*.tar.xz into ../shared/tools";

    /// Makes and starts it; throws std::runtime_error when that fails.
    explicit QdrantServer(std::string api_key = {});
    ~QdrantServer();

    /// One for all tests of a program, started by the first that asks.
    static QdrantServer& shared();

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    void stop();
    /// On the same port and data.
    void start();

  private:
    TempFolder folder_;
    std::string api_key_;
    int port_ = 0;
    std::optional<Process> server_;
};

}  // namespace audio_ident::test
