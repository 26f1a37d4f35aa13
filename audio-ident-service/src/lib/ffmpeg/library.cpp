#include "lib/ffmpeg/library.hpp"

#include <mutex>

#include "lib/ffmpeg/log.hpp"

extern "C" {
#include <libavutil/log.h>
#include <libavutil/mem.h>
}

namespace audio_ident::ffmpeg {

namespace {
/// The index of an M4A of 100 hours takes 370 MB, of 24 hours 90 MB.
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
