#include "lib/ffmpeg/capture_device.hpp"

#include <bit>
#include <dlfcn.h>
#include <fmt/format.h>
#include <new>
#include <string_view>

#include "lib/ffmpeg/error.hpp"
#include "lib/ffmpeg/library.hpp"
#include "lib/ffmpeg/packet.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace audio_ident::ffmpeg {

namespace {

// From libavdevice/avdevice.h, which the build would need another package for. Since FFmpeg 4.4 (media types at the
// end) nothing has changed here; both libraries raise their major versions together.
struct DeviceInfo {
    char* name;
    char* description;
    AVMediaType* media_types;
    int media_type_count;
};
struct DeviceList {
    DeviceInfo** devices;
    int count;
    int default_device;
};

struct Library {
    void (*register_all)() = nullptr;
    int (*list_sources)(const AVInputFormat*, const char*, AVDictionary*, DeviceList**) = nullptr;
    void (*free_list)(DeviceList**) = nullptr;
};

template <typename Function>
bool find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
    return function != nullptr;
}

/// nullptr when it is not installed. It stays loaded.
const Library* device_library() {
    static const Library* const loaded = []() -> const Library* {
        static Library library;
        const auto name = fmt::format("libavdevice.so.{}", LIBAVFORMAT_VERSION_MAJOR);
        void* const handle = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (handle == nullptr || !find(handle, "avdevice_register_all", library.register_all) ||
            !find(handle, "avdevice_list_input_sources", library.list_sources) ||
            !find(handle, "avdevice_free_list_devices", library.free_list))
            return nullptr;
        set_up_library();
        library.register_all();
        return &library;
    }();
    return loaded;
}

}  // namespace

bool has_capture_library() {
    return device_library() != nullptr;
}

std::vector<CaptureSource> capture_sources(const std::string& system) {
    const Library* const library = device_library();
    const AVInputFormat* const format = library ? av_find_input_format(system.c_str()) : nullptr;
    std::vector<CaptureSource> sources;
    DeviceList* list = nullptr;
    if (format == nullptr || library->list_sources(format, nullptr, nullptr, &list) < 0 || list == nullptr)
        return sources;
    for (int i = 0; i < list->count; ++i) {
        const DeviceInfo& device = *list->devices[i];
        if (device.name == nullptr || std::string_view(device.name) == "null") continue;  // gives silence
        sources.push_back(
            {system, device.name, device.description ? device.description : "", i == list->default_device});
    }
    library->free_list(&list);
    return sources;
}

CaptureDevice::CaptureDevice(const std::string& system, const std::string& name, std::function<bool()> interrupt)
    : interrupt_(std::move(interrupt)) {
    const AVInputFormat* const format = device_library() ? av_find_input_format(system.c_str()) : nullptr;
    if (format == nullptr) throw Error(AVERROR_DEMUXER_NOT_FOUND);
    context_ = avformat_alloc_context();
    if (context_ == nullptr) throw std::bad_alloc();
    context_->interrupt_callback = {&CaptureDevice::is_interrupted, this};
    // On failure this frees the context.
    if (const int code = avformat_open_input(&context_, name.c_str(), format, nullptr); code < 0) throw Error(code);
    constexpr auto kNative = std::endian::native == std::endian::little ? AV_CODEC_ID_PCM_S16LE : AV_CODEC_ID_NONE;
    if (context_->nb_streams == 1 && context_->streams[0]->codecpar->codec_id == kNative) return;
    avformat_close_input(&context_);
    throw Error(AVERROR_PATCHWELCOME);
}

CaptureDevice::~CaptureDevice() {
    avformat_close_input(&context_);
}

int CaptureDevice::is_interrupted(void* self) {
    return static_cast<CaptureDevice*>(self)->interrupt_() ? 1 : 0;
}

int CaptureDevice::sample_rate_hz() const {
    return context_->streams[0]->codecpar->sample_rate;
}

int CaptureDevice::channels() const {
    return context_->streams[0]->codecpar->ch_layout.nb_channels;
}

bool CaptureDevice::read(const std::function<void(std::span<const std::byte>)>& sink) {
    Packet packet;
    int code = AVERROR(EAGAIN);
    while (code == AVERROR(EAGAIN) && !interrupt_()) code = av_read_frame(context_, packet.get());
    if (code < 0) return false;
    sink(std::as_bytes(std::span(packet->data, static_cast<std::size_t>(packet->size))));
    return true;
}

}  // namespace audio_ident::ffmpeg
