#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <utility>

struct AVIOContext;

namespace audio_ident::ffmpeg {

/// Returns true when a call that waits or loops should give up.
using Interrupt = std::function<bool()>;

/// Random access to bytes, from which a demuxer reads. URLs are never involved.
class ByteSource {
  public:
    virtual ~ByteSource() = default;

    /// False for a stream: bytes come in order, and the size is not known.
    virtual bool seekable() const { return true; }
    virtual std::int64_t size() const = 0;
    /// Reads up to out.size() bytes at `offset`. Returns their number, 0 at the end, or a negative AVERROR code.
    virtual int read_at(std::int64_t offset, std::span<std::uint8_t> out) = 0;
};

/// A buffer in memory, which must outlive this object.
class MemorySource : public ByteSource {
  public:
    explicit MemorySource(std::span<const std::byte> bytes) : bytes_(bytes) {}
    std::int64_t size() const override { return static_cast<std::int64_t>(bytes_.size()); }
    int read_at(std::int64_t offset, std::span<std::uint8_t> out) override;

  private:
    std::span<const std::byte> bytes_;
};

/// A regular file. Owns its descriptor.
class FileSource : public ByteSource {
  public:
    FileSource(int descriptor, std::int64_t size) : descriptor_(descriptor), size_(size) {}
    ~FileSource() override;
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;
    std::int64_t size() const override { return size_; }
    int read_at(std::int64_t offset, std::span<std::uint8_t> out) override;
    /// Gives up the descriptor to the caller. Nothing can be read afterwards.
    int release() { return std::exchange(descriptor_, -1); }

  private:
    int descriptor_;
    std::int64_t size_;
};

/// An AVIOContext over a ByteSource, which must outlive this object.
class IoContext {
  public:
    IoContext(ByteSource& source, Interrupt interrupt);
    ~IoContext();
    IoContext(const IoContext&) = delete;
    IoContext& operator=(const IoContext&) = delete;

    AVIOContext* get() const { return io_; }
    /// Asks the interrupt callback whether to give up.
    bool interrupted() {
        was_interrupted_ = was_interrupted_ || (interrupt_ && interrupt_());
        return was_interrupted_;
    }
    /// Whether the callback ever returned true. A demuxer may report that as the end of the file.
    bool was_interrupted() const { return was_interrupted_; }
    /// The first read error of the source, which a demuxer may also hide; 0 when there was none.
    int read_error() const { return read_error_; }

  private:
    static int read(void* self, std::uint8_t* buffer, int size);
    static std::int64_t seek(void* self, std::int64_t offset, int whence);

    ByteSource& source_;
    Interrupt interrupt_;
    std::int64_t position_ = 0;
    int read_error_ = 0;
    bool was_interrupted_ = false;
    AVIOContext* io_ = nullptr;
};

}  // namespace audio_ident::ffmpeg
