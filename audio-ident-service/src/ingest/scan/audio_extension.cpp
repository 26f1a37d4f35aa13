#include "ingest/scan/audio_extension.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace audio_ident::ingest {

namespace {

constexpr auto kExtensions = std::to_array<std::string_view>({
    // sorted
    "3g2", "3ga", "3gp", "aa3",  "aac", "ac3",  "adts",  "aif",  "aifc", "aiff", "alac", "amr",  "ape", "asf",  "au",
    "awb", "bwf", "caf", "dff",  "dsf", "dts",  "dtshd", "eac3", "ec3",  "flac", "gsm",  "it",   "m4a", "m4b",  "m4p",
    "m4r", "mka", "mlp", "mod",  "mp+", "mp1",  "mp2",   "mp3",  "mp4",  "mpa",  "mpc",  "mpga", "mpp", "mptm", "oga",
    "ogg", "ogx", "oma", "opus", "qcp", "ra",   "ram",   "rf64", "rm",   "s3m",  "shn",  "snd",  "spx", "tak",  "thd",
    "tta", "voc", "vqf", "w64",  "wav", "wave", "weba",  "webm", "wma",  "wv",   "xm",
});

static_assert(std::is_sorted(kExtensions.begin(), kExtensions.end()));

}  // namespace

bool has_audio_extension(std::string_view file_name) {
    const std::size_t dot = file_name.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return false;
    std::string extension(file_name.substr(dot + 1));
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return std::binary_search(kExtensions.begin(), kExtensions.end(), extension);
}

}  // namespace audio_ident::ingest
