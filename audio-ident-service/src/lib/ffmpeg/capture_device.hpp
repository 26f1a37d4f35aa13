#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct AVFormatContext;
struct AVInputFormat;

// Microphones and line-ins by FFmpeg's library of devices. It is loaded when it is first needed: it brings a hundred
// other libraries, and a program without sound devices should start without it.

namespace audio_ident::ffmpeg {

struct CaptureSource {
    std::string system;       ///< of sound: "pulse", "alsa"
    std::string name;         ///< as the system knows it
    std::string description;  ///< for people; may be empty
    bool is_default = false;
};

/// Whether the library of devices is installed.
bool has_capture_library();
/// The sources of a system of sound; empty when there are none, or no such system.
std::vector<CaptureSource> capture_sources(const std::string& system);

/// An open source, which gives interleaved 16-bit samples, little-endian. Not thread-safe.
class CaptureDevice {
  public:
    /// `interrupt` is asked while a call waits. Throws ffmpeg::Error.
    CaptureDevice(const std::string& system, const std::string& name, std::function<bool()> interrupt);
    ~CaptureDevice();
    CaptureDevice(const CaptureDevice&) = delete;
    CaptureDevice& operator=(const CaptureDevice&) = delete;

    int sample_rate_hz() const;
    int channels() const;
    /// Waits for the next samples and passes them to `sink`. False when there are no more, or when it was interrupted.
    bool read(const std::function<void(std::span<const std::byte>)>& sink);

  private:
    static int is_interrupted(void* self);

    std::function<bool()> interrupt_;
    AVFormatContext* context_ = nullptr;
};

}  // namespace audio_ident::ffmpeg
