#pragma once

#include <optional>
#include <string>

#include "support/process.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::test {

/// An S3 server (versitygw) with its objects in a folder of its own, on a free port, with one bucket. It ends with the
/// test program in every case.
class S3Server {
  public:
    /// The server program: S3_SERVER_BIN, or what scripts/s3_server.sh has built. nullopt when there is neither; tests
    /// then say so and are skipped.
    static std::optional<std::string> program();
    static constexpr const char* kAbsent =
        "no S3 server here: name versitygw in S3_SERVER_BIN, or run scripts/s3_server.sh, which needs Go";
    static constexpr const char* kAccessKey = "audio-ident";
    static constexpr const char* kSecretKey = "a secret/of+40=characters";
    static constexpr const char* kRegion = "eu-test-1";
    static constexpr const char* kBucket = "music";

    /// Starts the server. Throws std::runtime_error on failure.
    S3Server();
    ~S3Server();

    /// One server for all tests of a program, started on first use.
    static S3Server& shared();

    int port() const { return port_; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    void stop();
    /// Starts the server again on the same port and objects.
    void start();

  private:
    TempFolder folder_;
    int port_ = 0;
    std::optional<Process> server_;
};

}  // namespace audio_ident::test
