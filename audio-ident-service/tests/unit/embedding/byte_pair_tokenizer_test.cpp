#include "embedding/byte_pair_tokenizer.hpp"

#include <gmock/gmock.h>

#include "support/clap_reference.hpp"
#include "support/files.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::embedding {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

using Tokens = std::vector<BytePairTokenizer::Token>;

BytePairTokenizer tokenizer() {
    return BytePairTokenizer::open(test::clap_folder() / "tokenizer.json").value();
}

TEST(BytePairTokenizer, CutsTextsAsTheReferenceDoes) {
    const auto made = tokenizer();
    const auto reference = test::clap_reference();
    for (const auto& each : reference.at("texts").as_array()) {
        EXPECT_EQ(made.tokens(std::string_view(each.at("text").as_string()), 512),
                  boost::json::value_to<Tokens>(each.at("tokens")))
            << each.at("text");
    }
}

TEST(BytePairTokenizer, GivesNoMoreThanAskedFor) {
    const auto tokens = tokenizer().tokens(std::string(100'000, 'x'), 16);
    EXPECT_THAT(tokens, SizeIs(16));
    EXPECT_EQ(tokens.front(), 0);
    EXPECT_EQ(tokens.back(), 2);
}

TEST(BytePairTokenizer, StandsBytesThatAreNoText) {
    const auto made = tokenizer();
    EXPECT_EQ(made.tokens("\xC3", 512), made.tokens("\xEF\xBF\xBD", 512));
    EXPECT_EQ(made.tokens(std::string_view("\0", 1), 512), made.tokens("\xEF\xBF\xBD", 512));
}

TEST(BytePairTokenizer, ReadsMergesOfOlderFilesToo) {
    const test::TempFolder folder;
    const auto bytes = test::read_file(test::clap_folder() / "tokenizer.json");
    auto json = boost::json::parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    for (auto& merge : json.at("model").at("merges").as_array()) {
        merge = std::string(merge.at(0).as_string()) + " " + std::string(merge.at(1).as_string());
    }
    test::write_file(folder.path() / "old.json", boost::json::serialize(json));
    const auto old = BytePairTokenizer::open(folder.path() / "old.json");
    ASSERT_TRUE(old) << old.error().message;
    EXPECT_EQ(old->tokens("slow dreamy piano", 512), tokenizer().tokens("slow dreamy piano", 512));
}

TEST(BytePairTokenizer, RefusesOtherFiles) {
    const test::TempFolder folder;
    const auto missing = BytePairTokenizer::open(folder.path() / "none.json");
    EXPECT_EQ(missing.error().kind, ErrorKind::not_available);
    for (const char* text :
         {"", "{}", "[1", R"({"model":{"type":"WordPiece"},"pre_tokenizer":{"type":"ByteLevel"}})"}) {
        test::write_file(folder.path() / "bad.json", text);
        const auto bad = BytePairTokenizer::open(folder.path() / "bad.json");
        ASSERT_FALSE(bad) << text;
        EXPECT_EQ(bad.error().kind, ErrorKind::corrupt) << text;
    }
}

}  // namespace
}  // namespace audio_ident::embedding
