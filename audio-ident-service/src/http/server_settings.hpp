#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace audio_ident::http {

struct ServerSettings {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;       ///< 0: any free port
    std::size_t cpu_threads = 0;  ///< 0: one per core
    std::size_t max_connections = 4096;
    std::size_t max_talks = 256;                ///< conversations over WebSockets at a time
    std::chrono::seconds header_timeout{10};    ///< from the first byte of a request to the end of its header
    std::chrono::seconds idle_timeout{75};      ///< between requests
    std::chrono::seconds transfer_timeout{30};  ///< for 64 KB of a body, either way
    std::chrono::seconds shutdown_timeout{30};  ///< for running requests to finish after a stop
};

}  // namespace audio_ident::http
