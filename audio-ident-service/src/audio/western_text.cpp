#include "audio/western_text.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "lib/icu/decode_text.hpp"

namespace audio_ident::audio {
namespace {

using Alphabets = std::span<const std::u16string_view>;

// Letters besides a to z, as far as windows-1252 has them.
constexpr std::array<std::u16string_view, 15> kWestern = {
    u"àâæçéèêëîïôœùûüÿ",  // French
    u"äöüßé",             // German
    u"áéíóúüñïç",         // Spanish, Galician
    u"àçèéíïòóúü",        // Catalan
    u"áâãàçéêíóôõúü",     // Portuguese
    u"àèéìíîòóùú",        // Italian, Gaelic
    u"æøåéóôüä",          // Danish, Norwegian
    u"åäöéüàšž",          // Swedish, Finnish
    u"áéíóúýþæðö",        // Icelandic
    u"áíóúýæøð",          // Faroese
    u"éèëêïöüó",          // Dutch
    u"äöüõšž",            // Estonian
    u"âêîôûï",            // Welsh, Frisian
    u"áâêéîôûíãõ",        // Romance mixtures
    u"äëéöü",             // Luxembourgish
};
constexpr std::array<std::u16string_view, 5> kCentral = {
    u"áčďéěíňóřšťúůýžľĺŕôä",  // Czech, Slovak
    u"ąćęłńóśźż",             // Polish
    u"áéíóöőúüű",             // Hungarian
    u"čćđšž",                 // Croatian, Slovene
    u"ăâîşţ",                 // Romanian
};
// No Western language has these pairs. "Dvořák" reads "Dvoøák".
constexpr std::array<std::u16string_view, 3> kOddPairs = {u"øá", u"øí", u"øý"};

constexpr std::u16string_view kOpening = u"¿¡«»“”„‘’‚‹›–—…•©®™°§";
constexpr std::u16string_view kBeforeNumbers = u"£¥€¢±†‡¶·¤";
constexpr std::u16string_view kInside = u"’‘´·–—…•“”";
constexpr std::u16string_view kClosing = u"’‘“”«»‹›™®©°ºª²³¹´…–—·•§†";

/// One word in both readings, byte by byte.
struct Word {
    std::u16string western;
    std::u16string central;

    bool is_high(std::size_t i) const { return western[i] >= 0x80; }
};

bool contains(std::u16string_view set, char16_t c) {
    return set.find(c) != std::u16string_view::npos;
}

bool is_ascii_letter(char16_t c) {
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

bool fits(const std::u16string& word, std::u16string_view alphabet) {
    return std::all_of(word.begin(), word.end(), [&](char16_t c) {
        return c < 0x80 || contains(alphabet, icu::to_lower(c)) || contains(kInside, c);
    });
}

std::vector<Word> words_of(std::span<const std::string> texts) {
    std::vector<Word> words;
    for (const std::string& text : texts) {
        const auto western = icu::decode_text(text, "windows-1252");
        const auto central = icu::decode_text(text, "windows-1250");
        if (!western || !central || western->size() != text.size() || central->size() != text.size()) continue;
        Word word;
        const auto end_word = [&] {
            if (std::any_of(word.western.begin(), word.western.end(), [](char16_t c) { return c >= 0x80; }))
                words.push_back(word);
            word = {};
        };
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char16_t c = (*western)[i];
            const bool is_space = c == 0xA0;
            if ((c >= 0x80 && !is_space) || is_ascii_letter(c)) {
                word.western += c;
                word.central += (*central)[i];
            } else {
                end_word();
            }
        }
        end_word();
    }
    return words;
}

/// Whether a symbol may stand at this place of a word.
bool may_stand(const std::u16string& word, std::size_t at, std::size_t first_letter, std::size_t last_letter) {
    if (at > first_letter && at < last_letter) return contains(kInside, word[at]);
    if (at < first_letter) {
        return contains(kOpening, word[at]) || contains(kBeforeNumbers, word[at]);
    }
    return contains(kClosing, word[at]);
}

bool has_strange_symbols(const std::u16string& word) {
    const auto first = std::find_if(word.begin(), word.end(), icu::is_letter);
    if (first == word.end()) {
        const auto odd = std::count_if(word.begin(), word.end(), [](char16_t c) {
            return c >= 0x80 && !contains(kOpening, c) && !contains(kClosing, c);
        });
        return odd >= 2;
    }
    const auto last = std::find_if(word.rbegin(), word.rend(), icu::is_letter);
    const auto from = static_cast<std::size_t>(first - word.begin());
    const auto to = static_cast<std::size_t>(word.rend() - last) - 1;
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (word[i] >= 0x80 && !icu::is_letter(word[i]) && !may_stand(word, i, from, to)) return true;
        // ª and º are letters to Unicode; "£ód¼" begins with a currency sign.
        if (i < from && contains(kBeforeNumbers, word[i]) && i + 1 == from) return true;
    }
    return false;
}

bool has_run_of_high_letters(const std::u16string& word) {
    std::size_t run = 0;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const bool is_high = word[i] >= 0x80 && icu::is_letter(word[i]);
        const bool repeats = i > 0 && icu::to_lower(word[i]) == icu::to_lower(word[i - 1]);
        run = !is_high ? 0 : repeats ? run : run + 1;
        if (run >= 3) return true;
    }
    return false;
}

bool is_strange(const Word& word) {
    std::u16string lower;
    for (const char16_t c : word.western) lower += icu::to_lower(c);
    if (has_strange_symbols(word.western) || has_run_of_high_letters(word.western)) return true;
    if (std::any_of(kOddPairs.begin(), kOddPairs.end(),
                    [&](auto pair) { return lower.find(pair) != std::u16string::npos; }))
        return true;
    std::u16string letters;
    std::copy_if(lower.begin(), lower.end(), std::back_inserter(letters),
                 [](char16_t c) { return icu::is_letter(c) && c != u'ª' && c != u'º'; });
    return std::none_of(kWestern.begin(), kWestern.end(), [&](auto alphabet) { return fits(letters, alphabet); });
}

}  // namespace

WesternText examine_western(std::span<const std::string> texts) {
    WesternText result;
    bool any_strange_change = false;
    std::vector<std::u16string> changed;
    for (const Word& word : words_of(texts)) {
        std::size_t high = 0;
        for (std::size_t i = 0; i < word.western.size(); ++i) high += word.is_high(i) ? 1U : 0U;
        const bool strange = is_strange(word);
        result.high_bytes += high;
        result.strange_bytes += strange ? high : 0;
        if (word.western == word.central) continue;
        changed.push_back(word.central);
        any_strange_change = any_strange_change || (strange && high < word.western.size());
    }
    const auto fits_all = [&](std::u16string_view alphabet) {
        return std::all_of(changed.begin(), changed.end(), [&](const auto& word) { return fits(word, alphabet); });
    };
    result.is_central_european = any_strange_change && std::any_of(kCentral.begin(), kCentral.end(), fits_all);
    return result;
}

}  // namespace audio_ident::audio
