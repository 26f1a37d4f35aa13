#include "lib/ffmpeg/error.hpp"

extern "C" {
#include <libavutil/error.h>
}

namespace audio_ident::ffmpeg {

std::string describe(int code) {
    char text[AV_ERROR_MAX_STRING_SIZE] = {};
    av_strerror(code, text, sizeof text);
    return text;
}

}  // namespace audio_ident::ffmpeg
