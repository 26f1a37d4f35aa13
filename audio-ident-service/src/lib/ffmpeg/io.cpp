#include "lib/ffmpeg/io.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <new>
#include <unistd.h>
#include <utility>

extern "C" {
#include <libavformat/avio.h>
#include <libavutil/error.h>
#include <libavutil/mem.h>
}

namespace audio_ident::ffmpeg {

namespace {
constexpr int kBufferBytes = 64 * 1024;
}

int MemorySource::read_at(std::int64_t offset, std::span<std::uint8_t> out) {
    const auto begin = std::min(static_cast<std::size_t>(offset), bytes_.size());
    const std::size_t count = std::min(out.size(), bytes_.size() - begin);
    if (count > 0) std::memcpy(out.data(), bytes_.data() + begin, count);
    return static_cast<int>(count);
}

FileSource::~FileSource() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

int FileSource::read_at(std::int64_t offset, std::span<std::uint8_t> out) {
    while (true) {
        const ssize_t count = ::pread(descriptor_, out.data(), out.size(), offset);
        if (count >= 0) return static_cast<int>(count);
        if (errno != EINTR) return AVERROR(errno);
    }
}

IoContext::IoContext(ByteSource& source, Interrupt interrupt) : source_(source), interrupt_(std::move(interrupt)) {
    auto* buffer = static_cast<std::uint8_t*>(av_malloc(kBufferBytes));
    if (buffer == nullptr) throw std::bad_alloc();
    io_ = avio_alloc_context(buffer, kBufferBytes, 0, this, &IoContext::read, nullptr, &IoContext::seek);
    if (io_ == nullptr) {
        av_free(buffer);
        throw std::bad_alloc();
    }
    io_->seekable = source.seekable() ? AVIO_SEEKABLE_NORMAL : 0;
}

IoContext::~IoContext() {
    // FFmpeg may have replaced the buffer.
    av_freep(&io_->buffer);
    avio_context_free(&io_);
}

int IoContext::read(void* self, std::uint8_t* buffer, int size) {
    auto& io = *static_cast<IoContext*>(self);
    if (io.interrupted()) return AVERROR_EXIT;
    const int count = io.source_.read_at(io.position_, {buffer, static_cast<std::size_t>(size)});
    if (count == 0) return AVERROR_EOF;
    if (count > 0) io.position_ += count;
    else if (io.read_error_ == 0) io.read_error_ = count;
    return count;
}

std::int64_t IoContext::seek(void* self, std::int64_t offset, int whence) {
    auto& io = *static_cast<IoContext*>(self);
    if (!io.source_.seekable()) return AVERROR(ENOSYS);
    std::int64_t base = 0;
    switch (whence & ~AVSEEK_FORCE) {
        case AVSEEK_SIZE: return io.source_.size();
        case SEEK_SET: break;
        case SEEK_CUR: base = io.position_; break;
        case SEEK_END: base = io.source_.size(); break;
        default: return AVERROR(EINVAL);
    }
    if (offset > std::numeric_limits<std::int64_t>::max() - base || base + offset < 0) return AVERROR(EINVAL);
    io.position_ = base + offset;
    return io.position_;
}

}  // namespace audio_ident::ffmpeg
