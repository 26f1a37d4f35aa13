#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/multipart.hpp"

using namespace audio_ident;

namespace {

/// All that a parser says of a form that comes in pieces of `step` bytes.
std::string events(std::string_view text, std::size_t step) {
    std::string said;
    http::MultipartParser parser("b", {[&](http::PartHeader header) {
                                           said += "\x01" + header.name + "\x02" + header.file_name.value_or("\x03") +
                                                   "\x04";
                                           return Result<void>();
                                       },
                                       [&](std::string_view bytes) {
                                           said += bytes;
                                           return Result<void>();
                                       },
                                       [&] {
                                           said += "\x05";
                                           return Result<void>();
                                       }});
    Result<void> outcome;
    for (std::size_t i = 0; i < text.size() && outcome; i += step) outcome = parser.consume(text.substr(i, step));
    if (outcome) outcome = parser.finish();
    // What was said before a failure depends on the pieces; that it failed does not.
    return outcome ? said : "failed";
}

}  // namespace

/// How a form is cut does not matter. The first byte is the size of the pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    static_cast<void>(http::MultipartParser::boundary_of(text));
    if (events(text, 1 + data[0]) != events(text, text.size() + 1)) std::abort();
    return 0;
}
