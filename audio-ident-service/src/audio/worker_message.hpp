#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "audio/decoder.hpp"

namespace audio_ident::audio {

// What a worker and its user say to each other over a util::PacketSocket, a letter and a body:
//
//     user → worker    'q' request, JSON, beside it the file's descriptor      's' stop: nobody wants more
//     worker → user    'p' samples, floats of this machine                     'r' result, JSON, the last of a request
//
// and a user and the process that makes workers:
//
//     user → maker     'm' make one       'k' number of a process: end it
//     maker → user     'w' number of a process, beside it the descriptor of its socket

inline constexpr std::size_t kMaxMessageBytes = 64 * 1024;
inline constexpr std::size_t kBlockSamples = 8192;  ///< of one 'p' at most
inline constexpr int kWorkerSocket = 3;             ///< of the maker, where its user put it

struct WorkerRequest {
    bool probe_only = false;
    std::string name;
    std::int64_t size_bytes = 0;
    int sample_rate_hz = 0;
    Channels channels = Channels::mono;
    std::optional<double> max_seconds;
    std::optional<std::int64_t> timeout_ms;
};

std::string to_message(const WorkerRequest& request);
/// A StreamInfo goes as a summary that has nothing else.
std::string to_message(const Result<DecodeSummary>& result);

/// These throw std::exception on what is none.
WorkerRequest request_from(std::string_view message);
/// Trusts nothing: numbers are in range, texts clean.
Result<DecodeSummary> result_from(std::string_view message);

inline std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}
inline std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace audio_ident::audio
