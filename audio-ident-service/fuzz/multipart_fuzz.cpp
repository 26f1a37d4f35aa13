#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/multipart.hpp"

using namespace audio_ident;

namespace {

/// Everything that the parser reports about a form that arrives in pieces of `step` bytes.
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
    // The events before a failure depend on the pieces, but the failure itself does not.
    return outcome ? said : "failed";
}

}  // namespace

/// The result does not depend on how a form is split. The first byte is the size of the pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    static_cast<void>(http::MultipartParser::boundary_of(text));
    if (events(text, 1 + data[0]) != events(text, text.size() + 1)) std::abort();
    return 0;
}
