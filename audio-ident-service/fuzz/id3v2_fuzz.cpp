// Damaged ID3v2 tags yield texts within bounds; decoded, they are UTF-8, whatever encoding they seem to have.

#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "audio/id3v2.hpp"
#include "audio/tag_encoding.hpp"
#include "util/utf8.hpp"

using namespace audio_ident;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // In a heap block of its own, so that the sanitizer notices a read beyond its end.
    const std::vector<std::byte> bytes(reinterpret_cast<const std::byte*>(data),
                                       reinterpret_cast<const std::byte*>(data) + size);
    ffmpeg::MemorySource source(bytes);
    std::vector<std::string> unstated;
    for (const audio::Id3Text& text : audio::read_id3v2(source)) {
        for (const std::string& value : text.values) {
            if (value.size() > 2 * size) std::abort();
            if (text.is_8bit) unstated.push_back(value);
        }
    }
    const audio::TagDecoder decoder(unstated, size % 2 == 0 ? "" : "windows-1251");
    for (const std::string& value : unstated) {
        if (!util::is_utf8(decoder.decode(value))) std::abort();
    }
    return 0;
}
