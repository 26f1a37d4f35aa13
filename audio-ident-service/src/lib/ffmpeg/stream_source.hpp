#pragma once

#include <vector>

#include "lib/ffmpeg/io.hpp"

namespace audio_ident::ffmpeg {

/// Bytes that arrive one after the other, from a pipe or a socket. Owns its descriptor, and waits for bytes that have
/// not arrived. It keeps the first kKeptBytes, so that a demuxer can begin there after the format was probed. All later
/// bytes pass once.
class StreamSource : public ByteSource {
  public:
    static constexpr std::int64_t kKeptBytes = 2 << 20;

    explicit StreamSource(int descriptor) : descriptor_(descriptor) {}
    ~StreamSource() override;
    StreamSource(const StreamSource&) = delete;
    StreamSource& operator=(const StreamSource&) = delete;

    bool seekable() const override { return false; }
    /// Unknown, so as large as can be.
    std::int64_t size() const override;
    /// Fails with ESPIPE for bytes that have passed, and for those far ahead.
    int read_at(std::int64_t offset, std::span<std::uint8_t> out) override;

  private:
    int read_next(std::span<std::uint8_t> out);

    int descriptor_;
    std::int64_t passed_ = 0;         ///< bytes that were read
    std::vector<std::uint8_t> kept_;  ///< the first of them, until more have passed than are kept
};

}  // namespace audio_ident::ffmpeg
