#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.hpp"

namespace audio_ident::embedding {

/// Byte-level byte pair encoding as in GPT-2 and RoBERTa (Radford et al. 2019). Reads the tokenizer.json of Hugging
/// Face's tokenizers. Text is split into words, numbers, signs and spaces; within each piece, bytes are joined pair by
/// pair, lowest rank first. Thread-safe.
class BytePairTokenizer {
  public:
    using Token = std::int64_t;

    /// Fails with not_available when the file cannot be read, and with corrupt when it does not contain such a
    /// tokenizer.
    static Result<BytePairTokenizer> open(const std::filesystem::path& file);

    /// The tokens of `text` between <s> and </s>, at most `most` in total. Bytes that are not UTF-8 count as U+FFFD.
    std::vector<Token> tokens(std::string_view text, std::size_t most) const;

  private:
    struct Merge {
        std::size_t rank = 0;
        Token joined = 0;
    };
    struct Pair {
        Token left = 0;
        Token right = 0;
        bool operator==(const Pair&) const = default;
    };
    struct PairHash {
        std::size_t operator()(const Pair& pair) const {
            return std::hash<Token>()(pair.left * 1'000'003 + pair.right);
        }
    };

    void add(std::string_view piece, std::vector<Token>& tokens) const;
    const Merge* merge_of(Token left, Token right) const;

    std::array<Token, 256> bytes_{};
    std::unordered_map<Pair, Merge, PairHash> merges_;
    Token begin_ = 0;
    Token end_ = 0;
};

}  // namespace audio_ident::embedding
