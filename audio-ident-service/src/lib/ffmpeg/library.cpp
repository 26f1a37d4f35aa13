#include "lib/ffmpeg/library.hpp"

#include <mutex>

#include "lib/ffmpeg/log.hpp"

extern "C" {
#include <libavutil/log.h>
#include <libavutil/mem.h>
}

namespace audio_ident::ffmpeg {

namespace {
/// The index of an M4A file takes 90 MB for 24 hours and 370 MB for 100 hours.
constexpr std::size_t kMaxBlockBytes = std::size_t{128} << 20;
}  // namespace

void set_up_library() {
    static std::once_flag done;
    std::call_once(done, [] {
        av_log_set_callback(&LogCapture::receive);
        av_max_alloc(kMaxBlockBytes);
    });
}

}  // namespace audio_ident::ffmpeg
