#include "audio/capture.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <iterator>
#include <thread>
#include <unistd.h>

#include "lib/ffmpeg/error.hpp"

extern "C" {
#include <libavformat/version.h>
}

namespace audio_ident::audio {
namespace {

constexpr const char* kSystems[] = {"pulse", "alsa"};
constexpr const char* kDefault = "default";

Unexpected no_library() {
    return fail(ErrorKind::not_available,
                "cannot record: FFmpeg's library of devices is not installed; install the package libavdevice{}, or "
                "pipe the sound: arecord -f S16_LE -r 44100 -c 2 | audio-ident listen -",
                LIBAVFORMAT_VERSION_MAJOR);
}

Unexpected no_device() {
    return fail(ErrorKind::not_available,
                "there is no microphone or line-in: neither PulseAudio nor ALSA has one that can be opened; connect "
                "one, or pipe the sound: ffmpeg -i URL -f wav - | audio-ident listen -");
}

class DeviceCapture final : public Capture {
  public:
    DeviceCapture(const std::string& system, const std::string& name)
        : name_(system + ":" + name), device_(system, name, [this] { return ending_.load(); }) {
        format_.sample_rate_hz = device_.sample_rate_hz();
        format_.channels = device_.channels();
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
        output_ = util::Descriptor(ends[0]);
        input_ = util::Descriptor(ends[1]);
        ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
        thread_ = std::jthread([this] { run(); });
    }
    ~DeviceCapture() override { ending_ = true; }

    const RawFormat& format() const override { return format_; }
    const std::string& name() const override { return name_; }
    int output() const override { return output_.get(); }

  private:
    void run() {
        const auto whole = static_cast<std::size_t>(2 * format_.channels);
        const auto write = [&](std::span<const std::byte> samples) {
            // The pipe takes less than all only when it is nearly full: then a block is lost, and samples stay whole.
            const ssize_t count = ::write(input_.get(), samples.data(), samples.size());
            if (count <= 0 || static_cast<std::size_t>(count) % whole == 0) return;
            const auto rest =
                samples.subspan(static_cast<std::size_t>(count)).first(whole - std::size_t(count) % whole);
            for (std::span<const std::byte> left = rest; !left.empty() && !ending_;) {
                const ssize_t more = ::write(input_.get(), left.data(), left.size());
                if (more > 0) left = left.subspan(static_cast<std::size_t>(more));
                else std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        };
        while (!ending_ && device_.read(write)) continue;
        input_.reset();
    }

    std::string name_;
    std::atomic<bool> ending_ = false;
    ffmpeg::CaptureDevice device_;
    RawFormat format_;
    util::Descriptor output_;
    util::Descriptor input_;
    std::jthread thread_;  // last: it uses the others
};

Result<std::unique_ptr<Capture>> open_device(const std::string& system, const std::string& name) {
    try {
        return std::make_unique<DeviceCapture>(system, name);
    } catch (const std::exception& error) {
        return fail(ErrorKind::not_available,
                    "cannot record from {}:{}: {}; `audio-ident listen --devices` lists what there is", system, name,
                    error.what());
    }
}

}  // namespace

Result<std::vector<ffmpeg::CaptureSource>> capture_sources() {
    if (!ffmpeg::has_capture_library()) return no_library();
    std::vector<ffmpeg::CaptureSource> sources;
    for (const char* system : kSystems) {
        auto more = ffmpeg::capture_sources(system);
        std::move(more.begin(), more.end(), std::back_inserter(sources));
    }
    if (sources.empty()) return no_device();
    return sources;
}

Result<std::unique_ptr<Capture>> Capture::open(const std::string& name) {
    if (!ffmpeg::has_capture_library()) return no_library();
    if (name.empty()) {
        for (const char* system : kSystems) {
            if (auto opened = open_device(system, kDefault)) return opened;
        }
        return no_device();
    }
    const auto colon = name.find(':');
    const auto system = name.substr(0, colon);
    const bool is_known = std::find(std::begin(kSystems), std::end(kSystems), system) != std::end(kSystems);
    if (colon == name.npos || !is_known) {
        return fail(ErrorKind::invalid_input,
                    "{}: not the name of a device: give pulse:NAME or alsa:NAME, as `audio-ident listen --devices` "
                    "lists them",
                    name);
    }
    return open_device(system, name.substr(colon + 1));
}

}  // namespace audio_ident::audio
