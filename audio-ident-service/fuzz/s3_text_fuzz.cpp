// What a server of S3 answers: lists of names in XML, times of files.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "lib/curl/s3_text.hpp"
#include "util/url.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace audio_ident::curl;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto& name : s3_elements(text, "Key")) {
        if (name.size() > size) std::abort();
        const auto escaped = audio_ident::util::percent_encoded(name, "/");
        const auto stays = [](unsigned char c) { return c > ' ' && c < 0x7F && c != '?' && c != '#' && c != '&'; };
        if (!std::all_of(escaped.begin(), escaped.end(), stays)) std::abort();
    }
    if (const auto time = s3_time(text); time && s3_time(s3_time_text(*time)) != time) std::abort();
    return 0;
}
