#include "audio/east_asian_text.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "lib/icu/decode_text.hpp"

namespace audio_ident::audio {
namespace {

constexpr std::size_t kMinPairs = 2;
constexpr std::size_t kMinKoreanPairs = 8;  // fewer might be Chinese
constexpr double kMostOdd = 0.2;
constexpr double kLeastCommon = 0.2;

// The most frequent simplified characters, and some of names and titles.
constexpr std::u16string_view kCommonHanzi =
    u"的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家"
    u"种事"
    u"成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第"
    u"公"
    u"此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合"
    u"回"
    u"特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总"
    u"何"
    u"电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听"
    u"白"
    u"却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带"
    u"导"
    u"争运笑飞风步改收根干造言联持组每济车亲极林服快办议往元英士证近失转夫令准布始怎呢存未远叫台单影具罗字爱击流备兵连"
    u"调"
    u"深商算质团集百需价花党华城石级整府离况亚请技际约示复病息究线似官火断精满支视消越器容照须九增研写称企八功吗包片史"
    u"委"
    u"乎查轻易早曾除农找装广显吧阿李标谈吃图念六引历首医局突专费号尽另周较注语仅考落青随选列武红响虽推势参希古众构房半"
    u"节"
    u"土投某案黑维革划敌致陈律足态护七兴派孩验责营星够章音跟志底站严巴例防族供效续施留讲型料终答紧黄绝奇察母京段依批群"
    u"项"
    u"周王刘陈杨黄赵吴林孙邓蔡梁许郭罗爱恋梦夜雨雪花月星风红蓝青春秋海天空歌曲乐唱情歌";

struct Pair {
    unsigned char lead = 0;
    unsigned char trail = 0;
};

bool in(unsigned char c, int low, int high) {
    return c >= low && c <= high;
}

/// Splits texts into pairs of a lead byte and a trail byte. nullopt when a lead byte is followed by no trail byte; only
/// the last pair of a text may be cut in two.
template <typename IsLead, typename IsTrail>
std::optional<std::vector<Pair>> pairs_of(std::span<const std::string> texts, IsLead is_lead, IsTrail is_trail) {
    std::vector<Pair> pairs;
    for (const std::string& text : texts) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            const auto lead = static_cast<unsigned char>(text[i]);
            if (lead < 0x80) continue;
            if (!is_lead(lead)) return std::nullopt;
            if (i + 1 == text.size()) break;
            const auto trail = static_cast<unsigned char>(text[++i]);
            if (!is_trail(trail)) return std::nullopt;
            pairs.push_back({lead, trail});
        }
    }
    return pairs;
}

bool enough(std::size_t good, std::size_t all, std::size_t at_least) {
    return good >= at_least && static_cast<double>(all - good) <= kMostOdd * static_cast<double>(all);
}

/// Share of common characters among the Chinese ones.
bool has_common_hanzi(std::span<const std::string> texts) {
    std::size_t all = 0;
    std::size_t common = 0;
    for (const std::string& text : texts) {
        auto decoded = icu::decode_text(text, "GBK");
        if (!decoded) decoded = icu::decode_text(std::string_view(text).substr(0, text.size() - 1), "GBK");
        if (!decoded) return false;
        for (const char16_t c : *decoded) {
            if (c < 0x4E00 || c > 0x9FFF) continue;
            ++all;
            common += kCommonHanzi.find(c) != std::u16string_view::npos ? 1U : 0U;
        }
    }
    return all > 0 && static_cast<double>(common) >= kLeastCommon * static_cast<double>(all);
}

bool is_extended_trail(unsigned char c) {
    return in(c, 0x40, 0x7E) || in(c, 0x80, 0xFE);
}

/// Japanese text is kana, the common characters of level 1, and punctuation: lead bytes 0x81 to 0x97.
bool is_shift_jis(std::span<const std::string> texts) {
    const auto pairs = pairs_of(
        texts, [](unsigned char c) { return in(c, 0x81, 0x9F) || in(c, 0xE0, 0xEF); }, is_extended_trail);
    if (!pairs) return false;
    const auto good = std::count_if(pairs->begin(), pairs->end(), [](Pair pair) {
        if (pair.lead == 0x82) return in(pair.trail, 0x4F, 0xF1);
        if (pair.lead == 0x83) return in(pair.trail, 0x40, 0x96);
        return pair.lead == 0x81 || in(pair.lead, 0x88, 0x97);
    });
    return enough(static_cast<std::size_t>(good), pairs->size(), kMinPairs);
}

/// Simplified Chinese is mostly characters of level 1 of GB 2312.
bool is_gbk(std::span<const std::string> texts) {
    const auto pairs = pairs_of(
        texts, [](unsigned char c) { return in(c, 0x81, 0xFE); }, is_extended_trail);
    if (!pairs) return false;
    std::size_t common = 0;
    std::size_t signs = 0;
    for (const Pair pair : *pairs) {
        common += in(pair.lead, 0xB0, 0xD7) && pair.trail >= 0xA1 ? 1U : 0U;
        signs += in(pair.lead, 0xA1, 0xA3) && pair.trail >= 0xA1 ? 1U : 0U;
    }
    return enough(common, pairs->size() - signs, kMinPairs) && has_common_hanzi(texts);
}

/// Traditional Chinese is mostly characters of level 1 of Big5. Half of its trail bytes are ASCII, unlike GB 2312's.
bool is_big5(std::span<const std::string> texts) {
    const auto pairs = pairs_of(
        texts, [](unsigned char c) { return in(c, 0xA1, 0xF9); },
        [](unsigned char c) { return in(c, 0x40, 0x7E) || in(c, 0xA1, 0xFE); });
    if (!pairs) return false;
    const auto good = std::count_if(pairs->begin(), pairs->end(), [](Pair pair) { return in(pair.lead, 0xA4, 0xC6); });
    const bool has_ascii = std::any_of(pairs->begin(), pairs->end(), [](Pair pair) { return pair.trail < 0x80; });
    return has_ascii && enough(static_cast<std::size_t>(good), pairs->size(), kMinPairs);
}

enum class Korean { no, maybe, yes };

/// All Hangul of KS X 1001 has lead bytes 0xB0 to 0xC8, which also begin half of the common Chinese characters.
Korean korean(std::span<const std::string> texts) {
    const auto pairs = pairs_of(
        texts, [](unsigned char c) { return in(c, 0xA1, 0xFE); }, [](unsigned char c) { return c >= 0xA1; });
    if (!pairs) return Korean::no;
    std::size_t hangul = 0;
    for (const Pair pair : *pairs) {
        if (in(pair.lead, 0xB0, 0xC8)) ++hangul;
        else if (!in(pair.lead, 0xA1, 0xA3)) return Korean::no;
    }
    return hangul >= kMinKoreanPairs ? Korean::yes : Korean::maybe;
}

}  // namespace

std::string_view detect_east_asian(std::span<const std::string> texts) {
    const Korean hangul = korean(texts);
    if (hangul == Korean::yes) return "windows-949";
    const bool japanese = is_shift_jis(texts);
    const bool simplified = hangul == Korean::no && is_gbk(texts);
    const bool traditional = is_big5(texts);
    if (japanese + simplified + traditional != 1) return {};
    return japanese ? "Shift_JIS" : simplified ? "GBK" : "Big5";
}

}  // namespace audio_ident::audio
