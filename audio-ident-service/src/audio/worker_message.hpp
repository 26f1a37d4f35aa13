#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "audio/decoder.hpp"

namespace audio_ident::audio {

// The protocol of the decode processes. A message is a letter and a body, sent over a util::PacketSocket. The "user" is
// the process that wants files decoded; the "maker" is the process that forks workers.
//
//     user → worker    'q' request (JSON) with the file's descriptor      's' stop: no more samples are wanted
//     worker → user    'p' samples (floats in native byte order)          'r' result (JSON), ends the request
//     user → maker     'm' make a worker                                  'k' process id: end this worker
//     maker → user     'w' process id, with the descriptor of the worker's socket

inline constexpr std::size_t kMaxMessageBytes = 64 * 1024;
inline constexpr std::size_t kBlockSamples = 8192;        ///< most samples in one 'p'
inline constexpr std::size_t kStreamBlockSamples = 1024;  ///< the same of a stream, whose listener waits
inline constexpr int kWorkerSocket = 3;  ///< descriptor of the maker's socket, placed there by its user

inline constexpr std::int64_t kStream = -1;

struct WorkerRequest {
    bool probe_only = false;
    std::string name;
    std::int64_t size_bytes = 0;  ///< kStream: the descriptor is a socket from which bytes come
    int sample_rate_hz = 0;
    Channels channels = Channels::mono;
    std::optional<int> stream = {};  ///< see DecodeOptions
    std::optional<double> max_seconds;
    std::optional<double> max_claimed_seconds;
    double begin_seconds = 0;
    bool fill_gaps = false;
    std::optional<std::int64_t> timeout_ms;
    std::string tag_encoding;
};

std::string to_message(const WorkerRequest& request);
/// probe() sends its StreamInfo as a summary with all other fields empty.
std::string to_message(const Result<DecodeSummary>& result);

/// Parses a message. Throws std::exception when it is malformed.
WorkerRequest request_from(std::string_view message);
/// Validates everything: numbers must be in range and texts are cleaned. Throws std::exception.
Result<DecodeSummary> result_from(std::string_view message);

inline std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}
inline std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace audio_ident::audio
