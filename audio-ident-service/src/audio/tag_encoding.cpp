#include "audio/tag_encoding.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>

#include "audio/cyrillic_text.hpp"
#include "audio/east_asian_text.hpp"
#include "audio/western_text.hpp"
#include "lib/icu/decode_text.hpp"
#include "util/utf8.hpp"

namespace audio_ident::audio {
namespace {

/// ICU decodes bytes without a meaning to private characters.
std::optional<std::u16string> public_text(std::string_view text, const std::string& encoding) {
    auto unicode = icu::decode_text(text, encoding.c_str());
    if (!unicode) return std::nullopt;
    const bool is_private =
        std::any_of(unicode->begin(), unicode->end(), [](char16_t c) { return c >= 0xE000 && c <= 0xF8FF; });
    return is_private ? std::nullopt : std::move(unicode);
}

/// Decodes the text. ID3v1 cuts texts at 30 bytes, which may split the last character: then decodes without it.
std::optional<std::u16string> decoded(std::string_view text, std::string_view encoding) {
    const std::string name(encoding);
    auto whole = public_text(text, name);
    return whole || text.size() < 2 ? whole : public_text(text.substr(0, text.size() - 1), name);
}

bool is_latin(std::string_view encoding) {
    constexpr std::array<std::string_view, 4> kLatin = {"windows-1250", kWesternEncoding, "windows-1254",
                                                        "windows-1257"};
    return std::find(kLatin.begin(), kLatin.end(), encoding) != kLatin.end();
}

bool looks_western(std::string_view text) {
    const std::array<std::string, 1> texts = {std::string(text)};
    return examine_western(texts).strange_bytes == 0;
}

}  // namespace

std::string_view detect_tag_encoding(std::span<const std::string> texts) {
    const WesternText western = examine_western(texts);
    if (western.high_bytes == 0 || 2 * western.strange_bytes < western.high_bytes) {
        return western.is_central_european ? "windows-1250" : "";
    }
    if (is_cyrillic(texts)) return "windows-1251";
    return western.is_central_european ? "windows-1250" : detect_east_asian(texts);
}

TagDecoder::TagDecoder(std::span<const std::string> texts, std::string fallback) : encoding_(std::move(fallback)) {
    std::vector<std::string> eight_bit;
    std::copy_if(texts.begin(), texts.end(), std::back_inserter(eight_bit),
                 [](const std::string& text) { return !util::is_utf8(text); });
    if (const auto detected = detect_tag_encoding(eight_bit); !detected.empty()) {
        encoding_ = detected;
        is_detected_ = true;
    }
    if (encoding_.empty()) encoding_ = kWesternEncoding;
}

std::string TagDecoder::decode(std::string_view text) const {
    if (util::is_utf8(text)) return std::string(text);
    const bool is_western = !is_detected_ && !is_latin(encoding_) && looks_western(text);
    auto unicode = decoded(text, is_western ? kWesternEncoding : std::string_view(encoding_));
    if (!unicode) unicode = decoded(text, kWesternEncoding);
    return icu::to_utf8(unicode.value_or(u""));
}

}  // namespace audio_ident::audio
