#pragma once

#include <memory>
#include <string>
#include <vector>

#include "audio/raw_format.hpp"
#include "core/result.hpp"
#include "lib/ffmpeg/capture_device.hpp"
#include "util/descriptor.hpp"

namespace audio_ident::audio {

/// Every microphone and line-in that PulseAudio (or PipeWire in its place) and ALSA name. Fails with not_available when
/// FFmpeg's library of devices is not installed, and when there is nothing to record from.
Result<std::vector<ffmpeg::CaptureSource>> capture_sources();

/// Records from a device into a pipe, on a thread of its own, until it is destroyed. When nobody reads the pipe, what
/// the device gives is lost. The device is opened in this process, since a sandbox could not; its samples are decoded
/// like any others (docs/decisions/0012-capture-outside-the-sandbox.md).
class Capture {
  public:
    /// `name`: "pulse:NAME", "alsa:NAME", or empty for the default device. Fails with invalid_input (not such a name)
    /// and not_available (no such device, or nothing to record from).
    static Result<std::unique_ptr<Capture>> open(const std::string& name);
    virtual ~Capture() = default;

    virtual const RawFormat& format() const = 0;
    /// What people call the device.
    virtual const std::string& name() const = 0;
    /// The end of the pipe from which the samples are read.
    virtual int output() const = 0;
};

}  // namespace audio_ident::audio
