#include "monitor/rolling/chunk.hpp"

#include <algorithm>

namespace audio_ident::monitor {
namespace {

constexpr std::ptrdiff_t kHalf = 8;  // bytes of a UUID

}  // namespace

TrackId chunk_id(const Uuid& monitor, Timestamp begin) {
    TrackId::Bytes bytes = monitor.bytes();
    auto micros = static_cast<std::uint64_t>(begin.time_since_epoch().count());
    for (auto byte = bytes.rbegin(); byte != bytes.rbegin() + kHalf; ++byte) {
        *byte = static_cast<std::uint8_t>(micros);
        micros >>= 8U;
    }
    return TrackId(bytes);
}

bool is_chunk_of(const TrackId& chunk, const Uuid& monitor) {
    return std::equal(chunk.bytes().begin(), chunk.bytes().begin() + kHalf, monitor.bytes().begin());
}

Timestamp begin_of(const TrackId& chunk) {
    std::uint64_t micros = 0;
    for (auto byte = chunk.bytes().begin() + kHalf; byte != chunk.bytes().end(); ++byte) micros = micros << 8U | *byte;
    return Timestamp(Timestamp::duration(static_cast<std::int64_t>(micros)));
}

}  // namespace audio_ident::monitor
