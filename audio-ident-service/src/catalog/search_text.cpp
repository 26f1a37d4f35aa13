#include "catalog/search_text.hpp"

#include <stdexcept>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>

namespace audio_ident::catalog {
namespace {

/// 500 characters fold to at most 500 * 33 bytes (U+FDFA grows the most). SQLite refuses patterns above 50,000 bytes.
constexpr std::size_t kLongestFoldedBytes = 500 * 33;

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

}  // namespace

std::string fold(std::string_view utf8) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* folder = icu::Normalizer2::getNFKCCasefoldInstance(status);
    if (U_FAILURE(status))
        throw std::runtime_error(std::string("ICU has no case folding data: ") + u_errorName(status));

    std::string folded;
    icu::StringByteSink<std::string> sink(&folded);
    folder->normalizeUTF8(0, icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())), sink, nullptr, status);
    if (U_FAILURE(status)) throw std::runtime_error(std::string("cannot fold a text: ") + u_errorName(status));
    for (char& c : folded) {
        if (is_control(c)) c = ' ';
    }
    return folded;
}

std::string search_text(std::string_view title, const std::optional<std::string>& artist) {
    return fold(title) + '\n' + fold(artist.value_or(""));
}

std::optional<std::string> search_pattern(std::string_view search) {
    const std::string folded = fold(search);
    if (folded.size() > kLongestFoldedBytes) return std::nullopt;
    std::string pattern = "%";
    for (const char c : folded) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    pattern += '%';
    return pattern;
}

}  // namespace audio_ident::catalog
