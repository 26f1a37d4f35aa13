#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/query.hpp"
#include "http/range.hpp"
#include "util/utf8.hpp"

using namespace audio_ident;

/// A query decodes to text or nothing, and a range lies within the file. The first byte is the size of the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (const auto fields = http::parse_query(text)) {
        for (const auto& [name, value] : *fields) {
            if (!util::is_utf8(name) || !util::is_utf8(value)) std::abort();
        }
    }
    const std::uint64_t file_size = data[0];
    const auto range = http::parse_range("bytes=" + std::string(text), file_size);
    if (const auto* part = std::get_if<http::ByteRange>(&range)) {
        if (part->size == 0 || part->begin >= file_size || part->size > file_size - part->begin) std::abort();
    }
    return 0;
}
