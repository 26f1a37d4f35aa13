#include "lib/ffmpeg/log.hpp"

#include <cstdio>

#include "lib/ffmpeg/library.hpp"

extern "C" {
#include <libavutil/log.h>
}

namespace audio_ident::ffmpeg {

namespace {
thread_local LogCapture* current = nullptr;
}

LogCapture::LogCapture() : outer_(current) {
    set_up_library();
    current = this;
}

LogCapture::~LogCapture() {
    current = outer_;
}

void LogCapture::receive(void*, int level, const char* format, va_list arguments) {
    if (level > AV_LOG_ERROR || current == nullptr || !current->first_error_.empty()) return;
    char line[256];
    std::vsnprintf(line, sizeof line, format, arguments);
    std::string text = line;
    while (!text.empty() && (text.back() == '\n' || text.back() == '.' || text.back() == ' ')) text.pop_back();
    current->first_error_ = std::move(text);
}

}  // namespace audio_ident::ffmpeg
