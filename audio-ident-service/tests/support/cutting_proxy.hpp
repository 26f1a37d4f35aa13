#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace audio_ident::test {

/// Passes connections on to a port of this machine, one after the other, and cuts some of them off.
class CuttingProxy {
  public:
    /// Throws std::system_error when it cannot listen.
    explicit CuttingProxy(int port);
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(own_port_); }

    std::atomic<int> cuts = 0;                    ///< connections that are cut off yet
    std::atomic<std::uint64_t> to_server = 1000;  ///< bytes that such a connection passes on to the server at most
    std::atomic<std::uint64_t> to_client = 1000;  ///< and to the client
    std::atomic<int> connections = 0;             ///< so far

  private:
    void serve();
    void pass_on(int client);

    int port_ = 0;
    int own_port_ = 0;
    int socket_ = -1;
    std::thread thread_;
};

}  // namespace audio_ident::test
