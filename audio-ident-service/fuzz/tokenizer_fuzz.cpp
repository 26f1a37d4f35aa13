// The vocabulary of a model, a file that was downloaded, and texts that are cut with one.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <unistd.h>

#include "embedding/byte_pair_tokenizer.hpp"

namespace {

using audio_ident::embedding::BytePairTokenizer;

constexpr std::size_t kMost = 16;

void cut(const BytePairTokenizer& tokenizer, std::string_view text) {
    const auto tokens = tokenizer.tokens(text, kMost);
    if (tokens.size() < 2 || tokens.size() > kMost) std::abort();
}

}  // namespace

/// Text, a zero byte, the file of a tokenizer. Without the zero byte: text for the tokenizer of the last good file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string path = "/tmp/fuzz-tokenizer-" + std::to_string(::getpid()) + ".json";
    static std::optional<BytePairTokenizer> last;
    const std::string_view all(reinterpret_cast<const char*>(data), size);
    const auto text = all.substr(0, all.find('\0'));
    if (text.size() < all.size()) {
        std::ofstream(path, std::ios::binary) << all.substr(text.size() + 1);
        if (auto opened = BytePairTokenizer::open(path)) last = std::move(*opened);
        ::unlink(path.c_str());
    }
    if (last) cut(*last, text);
    return 0;
}
