#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "util/path_text.hpp"
#include "util/utf8.hpp"

/// Every name converts to UTF-8 and back. Every text converts to a name or is rejected.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace audio_ident::util;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto text = path_to_text(bytes);
    if (!is_utf8(text) || path_from_text(text) != bytes) std::abort();
    const auto name = path_from_text(bytes);
    if (name && path_to_text(*name) != bytes) std::abort();
    return 0;
}
