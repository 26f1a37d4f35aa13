// A file may have taken over the decode process. Whatever that process then sends is rejected or safe to use.

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <string_view>

#include "audio/tags.hpp"
#include "audio/worker_message.hpp"
#include "util/utf8.hpp"

using namespace audio_ident;

namespace {

bool is_clean(const std::optional<std::string>& tag) {
    return !tag || (util::is_utf8(*tag) && audio::clean_tag(*tag) == tag);
}

bool is_one_line(std::string_view text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
    }
    return true;
}

bool is_duration(const std::optional<double>& seconds) {
    return !seconds || (std::isfinite(*seconds) && *seconds >= 0);
}

void check(const audio::DecodeSummary& summary) {
    const audio::StreamInfo& info = summary.info;
    const bool good = info.sample_rate_hz >= 0 && info.channels >= 0 && info.bitrate_bps.value_or(0) >= 0 &&
                      is_duration(summary.duration_seconds) && is_duration(info.duration_seconds) &&
                      is_duration(summary.stated_seconds) && summary.damaged_frames >= 0 &&
                      util::is_utf8(info.format) && is_one_line(info.format) && is_clean(info.tags.title) &&
                      is_clean(info.tags.artist) && is_clean(info.tags.album);
    if (!good) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view message(reinterpret_cast<const char*>(data), size);
    try {
        const auto result = audio::result_from(message);
        if (result) check(*result);
        else if (!is_one_line(result.error().message)) std::abort();
        // An accepted message survives a round trip unchanged.
        const auto again = audio::result_from(audio::to_message(result));
        if (audio::to_message(again) != audio::to_message(result)) std::abort();
    } catch (const std::exception&) {
    }
    try {
        static_cast<void>(audio::request_from(message));
    } catch (const std::exception&) {
    }
    return 0;
}
