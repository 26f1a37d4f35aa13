#include "audio/cyrillic_text.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "lib/icu/decode_text.hpp"

namespace audio_ident::audio {
namespace {

constexpr std::size_t kMinLetters = 4;
constexpr std::size_t kMinLettersWithoutCapitals = 30;  // titles have capitals; Hebrew read as windows-1251 has none
constexpr double kMostOdd = 0.1;                        // share of letters in words that break a rule
constexpr double kLeastLogLikelihood = -3.5;  // mean per letter; Russian has about -3.0, other text read as it less

/// How often a lower-case letter occurs in 1000 letters of Russian. Ukrainian and Belarusian letters count as rare
/// ones.
double per_mille(char16_t c) {
    constexpr std::u16string_view kLetters = u"оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё";
    constexpr int kCounts[] = {110, 85, 80, 74, 67, 63, 55, 47, 45, 44, 35, 32, 30, 28, 26, 20, 19,
                               17,  17, 17, 16, 15, 12, 10, 9,  7,  6,  5,  4,  3,  3,  1,  2};
    if (const auto at = kLetters.find(c); at != std::u16string_view::npos) return kCounts[at];
    if (c == u'і' || c == u'ї' || c == u'є') return 30;
    return c == u'ґ' || c == u'ў' ? 5 : 0;
}

bool is_vowel(char16_t c) {
    return std::u16string_view(u"аеёиоуыэюяіїє").find(c) != std::u16string_view::npos;
}

bool is_ascii_letter(char16_t c) {
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

struct Counts {
    std::size_t letters = 0;
    std::size_t capitals = 0;
    std::size_t odd = 0;      ///< letters in words that break a rule
    std::size_t foreign = 0;  ///< other characters outside ASCII that such text hardly has
    std::size_t vowels = 0;
    double log_likelihood = 0;
};

/// A word is all lower case, all upper case, or has one capital at its start.
bool has_case_pattern(std::u16string_view word, std::size_t capitals, bool starts_with_capital) {
    return capitals == 0 || capitals == word.size() || (capitals == 1 && starts_with_capital);
}

bool breaks_spelling(std::u16string_view lower) {
    constexpr std::u16string_view kNeverFirst = u"ъьы";
    if (kNeverFirst.find(lower[0]) != std::u16string_view::npos) return true;
    for (std::size_t i = 1; i < lower.size(); ++i) {
        if ((lower[i] == u'й' || lower[i] == u'ў') && !is_vowel(lower[i - 1])) return true;
        if ((lower[i] == u'ъ' || lower[i] == u'ь') && is_vowel(lower[i - 1])) return true;
    }
    return false;
}

void count_word(std::u16string_view word, Counts& counts) {
    std::u16string lower;
    for (const char16_t c : word) lower += icu::to_lower(c);
    std::size_t capitals = 0;
    for (std::size_t i = 0; i < word.size(); ++i) capitals += word[i] != lower[i] ? 1U : 0U;
    const auto ascii = static_cast<std::size_t>(std::count_if(word.begin(), word.end(), is_ascii_letter));
    if (ascii == word.size()) return;
    counts.letters += word.size();
    counts.capitals += capitals;
    if (ascii > 0 || !has_case_pattern(word, capitals, word[0] != lower[0]) || breaks_spelling(lower))
        counts.odd += word.size();
    for (const char16_t c : lower) {
        counts.vowels += is_vowel(c) ? 1U : 0U;
        counts.log_likelihood += std::log(std::max(per_mille(c), 0.5) / 1000);
    }
}

bool count_text(const std::string& text, Counts& counts) {
    const auto decoded = icu::decode_text(text, "windows-1251");
    if (!decoded) return false;
    constexpr std::u16string_view kUsual = u"«»“”„’–—…№\u00A0";
    std::u16string word;
    for (const char16_t c : *decoded + u' ') {
        if (per_mille(icu::to_lower(c)) > 0 || is_ascii_letter(c)) {
            word += c;
            continue;
        }
        if (!word.empty()) count_word(word, counts);
        word.clear();
        counts.foreign += c >= 0x80 && kUsual.find(c) == std::u16string_view::npos ? 1U : 0U;
    }
    return true;
}

}  // namespace

bool is_cyrillic(std::span<const std::string> texts) {
    Counts counts;
    for (const std::string& text : texts) {
        if (!count_text(text, counts)) return false;
    }
    if (counts.capitals == 0 && counts.letters < kMinLettersWithoutCapitals) return false;
    const auto letters = static_cast<double>(counts.letters);
    return counts.letters >= kMinLetters && static_cast<double>(counts.odd + counts.foreign) <= kMostOdd * letters &&
           static_cast<double>(counts.vowels) >= 0.2 * letters &&
           counts.log_likelihood >= kLeastLogLikelihood * letters;
}

}  // namespace audio_ident::audio
