#include "lib/icu/decode_text.hpp"

#include <memory>
#include <new>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

namespace audio_ident::icu {

std::optional<std::u16string> decode_text(std::string_view bytes, const char* encoding) {
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, void (*)(UConverter*)> converter(ucnv_open(encoding, &error), ucnv_close);
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
    if (U_FAILURE(error)) return std::nullopt;
    std::u16string text(2 * bytes.size() + 1, u'\0');
    const std::int32_t length = ucnv_toUChars(converter.get(), text.data(), static_cast<std::int32_t>(text.size()),
                                              bytes.data(), static_cast<std::int32_t>(bytes.size()), &error);
    if (U_FAILURE(error)) return std::nullopt;
    text.resize(static_cast<std::size_t>(length));
    return text;
}

std::string to_utf8(std::u16string_view text) {
    std::string utf8(3 * text.size(), '\0');
    std::int32_t length = 0;
    UErrorCode error = U_ZERO_ERROR;
    u_strToUTF8WithSub(utf8.data(), static_cast<std::int32_t>(utf8.size()), &length, text.data(),
                       static_cast<std::int32_t>(text.size()), 0xFFFD, nullptr, &error);
    utf8.resize(U_FAILURE(error) ? 0 : static_cast<std::size_t>(length));
    return utf8;
}

char16_t to_lower(char16_t c) {
    return static_cast<char16_t>(u_tolower(c));
}

bool is_letter(char16_t c) {
    return u_isalpha(c) != 0;
}

}  // namespace audio_ident::icu
