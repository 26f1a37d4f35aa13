#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>

namespace audio_ident::test {

/// Serves the files of a folder over HTTP on this machine, one request per connection.
class FileServer {
  public:
    /// Throws std::system_error when it cannot listen.
    explicit FileServer(std::filesystem::path folder);
    ~FileServer();
    FileServer(const FileServer&) = delete;
    FileServer& operator=(const FileServer&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

    std::atomic<bool> gives_parts = true;  ///< whether the server answers a Range request with 206
    /// Close the connection after this many bytes of the next answer; 0: never
    std::atomic<std::uint64_t> breaks_after = 0;
    std::atomic<int> refuses_with = 0;    ///< the status of the next answer, which has no content; 0: none
    std::atomic<std::uint64_t> sent = 0;  ///< bytes of file content sent in total

  private:
    void serve();
    void answer(int client);

    std::filesystem::path folder_;
    int socket_ = -1;
    int port_ = 0;
    std::thread thread_;
};

}  // namespace audio_ident::test
