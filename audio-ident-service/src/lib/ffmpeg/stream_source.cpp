#include "lib/ffmpeg/stream_source.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <unistd.h>

extern "C" {
#include <libavutil/error.h>
}

namespace audio_ident::ffmpeg {

StreamSource::~StreamSource() {
    ::close(descriptor_);
}

std::int64_t StreamSource::size() const {
    return std::numeric_limits<std::int64_t>::max();
}

int StreamSource::read_at(std::int64_t offset, std::span<std::uint8_t> out) {
    if (offset - passed_ > kKeptBytes) return AVERROR(ESPIPE);
    std::array<std::uint8_t, 4096> skipped;
    while (offset > passed_) {
        const auto wanted = std::min<std::int64_t>(skipped.size(), offset - passed_);
        const int count = read_next(std::span(skipped).first(static_cast<std::size_t>(wanted)));
        if (count <= 0) return count;
    }
    if (offset == passed_) return read_next(out);
    const auto begin = static_cast<std::size_t>(offset);
    if (begin >= kept_.size()) return AVERROR(ESPIPE);
    const std::size_t count = std::min(out.size(), kept_.size() - begin);
    std::copy_n(kept_.begin() + offset, count, out.begin());
    return static_cast<int>(count);
}

int StreamSource::read_next(std::span<std::uint8_t> out) {
    ssize_t count = -1;
    do {
        count = ::read(descriptor_, out.data(), out.size());
    } while (count < 0 && errno == EINTR);
    if (count < 0) return AVERROR(errno);
    const bool keeps = passed_ + count <= kKeptBytes;
    passed_ += count;
    if (keeps) kept_.insert(kept_.end(), out.begin(), out.begin() + count);
    else kept_ = {};
    return static_cast<int>(count);
}

}  // namespace audio_ident::ffmpeg
