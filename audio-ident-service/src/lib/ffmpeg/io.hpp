#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <utility>

struct AVIOContext;

namespace audio_ident::ffmpeg {

/// True when a call that waits or loops should give up.
using Interrupt = std::function<bool()>;

/// Bytes at random access: what a demuxer reads from. No URL is ever involved.
class ByteSource {
  public:
    virtual ~ByteSource() = default;

    virtual std::int64_t size() const = 0;
    /// Reads up to out.size() bytes at `offset`. Returns how many, 0 at the end, or a negative AVERROR code.
    virtual int read_at(std::int64_t offset, std::span<std::uint8_t> out) = 0;
};

/// A buffer in memory, which must outlive this.
class MemorySource : public ByteSource {
  public:
    explicit MemorySource(std::span<const std::byte> bytes) : bytes_(bytes) {}
    std::int64_t size() const override { return static_cast<std::int64_t>(bytes_.size()); }
    int read_at(std::int64_t offset, std::span<std::uint8_t> out) override;

  private:
    std::span<const std::byte> bytes_;
};

/// A regular file, by descriptor, which this closes.
class FileSource : public ByteSource {
  public:
    FileSource(int descriptor, std::int64_t size) : descriptor_(descriptor), size_(size) {}
    ~FileSource() override;
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;
    std::int64_t size() const override { return size_; }
    int read_at(std::int64_t offset, std::span<std::uint8_t> out) override;
    /// The descriptor is the caller's from here on; nothing can be read any more.
    int release() { return std::exchange(descriptor_, -1); }

  private:
    int descriptor_;
    std::int64_t size_;
};

/// AVIOContext over a ByteSource. The source must outlive this.
class IoContext {
  public:
    IoContext(ByteSource& source, Interrupt interrupt);
    ~IoContext();
    IoContext(const IoContext&) = delete;
    IoContext& operator=(const IoContext&) = delete;

    AVIOContext* get() const { return io_; }
    /// Asks whether to give up.
    bool interrupted() {
        was_interrupted_ = was_interrupted_ || (interrupt_ && interrupt_());
        return was_interrupted_;
    }
    /// Whether the answer was ever yes: a demuxer may take that for the end of the file.
    bool was_interrupted() const { return was_interrupted_; }
    /// The first failure of the source, which a demuxer may hide likewise; 0: none.
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
