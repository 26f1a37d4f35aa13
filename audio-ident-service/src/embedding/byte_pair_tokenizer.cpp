#include "embedding/byte_pair_tokenizer.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "util/utf8.hpp"

namespace audio_ident::embedding {

namespace {

using Json = boost::json::value;

constexpr std::size_t kMostBytes = 8192;  // Most bytes of a text to read; more than kMostTokens tokens need.

enum class Kind { letter, number, space, sign };

Kind kind_of(UChar32 c) {
    if (u_isUWhiteSpace(c)) return Kind::space;
    const auto mask = U_MASK(u_charType(c));
    if (mask & U_GC_L_MASK) return Kind::letter;
    return mask & U_GC_N_MASK ? Kind::number : Kind::sign;
}

/// Splits text with GPT-2's pattern: 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
class Cutter {
  public:
    /// `text` must be UTF-8.
    explicit Cutter(std::string_view text) : text_(text) {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
        for (std::size_t at = 0; at < text.size();) {
            begins_.push_back(at);
            UChar32 c = 0;
            U8_NEXT(bytes, at, text.size(), c);
            kinds_.push_back(kind_of(c));
        }
        begins_.push_back(text.size());
    }

    bool at_end() const { return at_ == kinds_.size(); }

    std::string_view next() {
        const std::size_t from = at_;
        at_ = end_of_piece();
        return text_.substr(begins_[from], begins_[at_] - begins_[from]);
    }

  private:
    std::size_t end_of_piece() const {
        const std::string_view rest = text_.substr(begins_[at_]);
        for (const std::string_view ending : {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"}) {
            if (rest.starts_with(ending)) return at_ + ending.size();
        }
        const std::size_t first = at_ + (rest.front() == ' ' && at_ + 1 < kinds_.size() ? 1 : 0);
        if (kinds_[first] != Kind::space) return end_of_run(first);
        const std::size_t end = end_of_run(at_);
        return end < kinds_.size() && end > at_ + 1 ? end - 1 : end;  // The last space belongs to the next piece.
    }

    std::size_t end_of_run(std::size_t from) const {
        std::size_t end = from;
        while (end < kinds_.size() && kinds_[end] == kinds_[from]) ++end;
        return end;
    }

    std::string_view text_;
    std::vector<std::size_t> begins_;  ///< start of each character, then the end of the text
    std::vector<Kind> kinds_;
    std::size_t at_ = 0;
};

/// The characters that represent bytes in a vocabulary. Printable bytes represent themselves; the others are mapped to
/// U+0100 and up.
std::array<std::string, 256> byte_names() {
    std::array<std::string, 256> names;
    UChar32 other = 256;
    for (int byte = 0; byte < 256; ++byte) {
        const bool prints = (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
        const UChar32 c = prints ? byte : other++;
        std::uint8_t bytes[U8_MAX_LENGTH];
        std::size_t length = 0;
        U8_APPEND_UNSAFE(bytes, length, c);
        names[static_cast<std::size_t>(byte)].assign(reinterpret_cast<const char*>(bytes), length);
    }
    return names;
}

/// Older files write "left right", newer ones ["left", "right"].
std::pair<std::string, std::string> halves(const Json& merge) {
    if (merge.is_array()) return {std::string(merge.at(0).as_string()), std::string(merge.at(1).as_string())};
    const std::string both(merge.as_string());
    const auto space = both.find(' ');
    return {both.substr(0, space), both.substr(space + 1)};
}

}  // namespace

Result<BytePairTokenizer> BytePairTokenizer::open(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return fail(ErrorKind::not_available, "cannot read {}", file.string());
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    try {
        const Json json = boost::json::parse(text);
        const Json& model = json.at("model");
        if (model.at("type").as_string() != "BPE" || json.at("pre_tokenizer").at("type").as_string() != "ByteLevel") {
            return fail(ErrorKind::corrupt, "{} is not a byte-level BPE tokenizer", file.string());
        }
        const auto& vocabulary = model.at("vocab").as_object();
        const auto token = [&](std::string_view name) { return vocabulary.at(name).to_number<Token>(); };
        BytePairTokenizer tokenizer;
        tokenizer.begin_ = token("<s>");
        tokenizer.end_ = token("</s>");
        const auto names = byte_names();
        std::transform(names.begin(), names.end(), tokenizer.bytes_.begin(), token);
        for (const Json& merge : model.at("merges").as_array()) {
            const auto [left, right] = halves(merge);
            tokenizer.merges_.emplace(Pair{token(left), token(right)},
                                      Merge{tokenizer.merges_.size(), token(left + right)});
        }
        return tokenizer;
    } catch (const std::exception& error) {
        return fail(ErrorKind::corrupt, "{} is not a tokenizer file: {}", file.string(), error.what());
    }
}

std::vector<BytePairTokenizer::Token> BytePairTokenizer::tokens(std::string_view text, std::size_t most) const {
    std::vector<Token> tokens{begin_};
    const std::string clean = util::sanitise_utf8(text.substr(0, kMostBytes));
    for (Cutter cutter(clean); !cutter.at_end() && tokens.size() < most;) add(cutter.next(), tokens);
    tokens.resize(std::min(tokens.size(), most - 1));
    tokens.push_back(end_);
    return tokens;
}

const BytePairTokenizer::Merge* BytePairTokenizer::merge_of(Token left, Token right) const {
    const auto found = merges_.find({left, right});
    return found == merges_.end() ? nullptr : &found->second;
}

void BytePairTokenizer::add(std::string_view piece, std::vector<Token>& tokens) const {
    std::vector<Token> symbols;
    for (const char c : piece) symbols.push_back(bytes_[static_cast<unsigned char>(c)]);
    std::vector<const Merge*> merges;  // The merge of each symbol with the next one.
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i) merges.push_back(merge_of(symbols[i], symbols[i + 1]));
    const auto rank = [](const Merge* merge) { return merge ? merge->rank : std::numeric_limits<std::size_t>::max(); };
    while (!merges.empty()) {
        const auto best = std::min_element(merges.begin(), merges.end(),
                                           [&](const Merge* a, const Merge* b) { return rank(a) < rank(b); });
        if (!*best) break;
        const auto at = static_cast<std::size_t>(best - merges.begin());
        symbols[at] = (*best)->joined;
        symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(at) + 1);
        merges.erase(best);
        if (at > 0) merges[at - 1] = merge_of(symbols[at - 1], symbols[at]);
        if (at < merges.size()) merges[at] = merge_of(symbols[at], symbols[at + 1]);
    }
    tokens.insert(tokens.end(), symbols.begin(), symbols.end());
}

}  // namespace audio_ident::embedding
