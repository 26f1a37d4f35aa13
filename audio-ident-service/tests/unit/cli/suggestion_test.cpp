#include "cli/suggestion.hpp"

#include <gtest/gtest.h>

namespace audio_ident::cli {
namespace {

TEST(NearestWord, ToleratesAThirdOfTheLettersAndExchangedNeighbours) {
    const std::vector<std::string> commands = {"search", "serve", "similar", "tracks"};
    EXPECT_EQ(nearest_word("serach", commands), "search");
    EXPECT_EQ(nearest_word("server", commands), "serve");
    EXPECT_EQ(nearest_word("track", commands), "tracks");
    EXPECT_EQ(nearest_word("similiar", commands), "similar");
    EXPECT_EQ(nearest_word("identify", commands), std::nullopt);
    EXPECT_EQ(nearest_word("", commands), std::nullopt);
}

class MistypedTest : public testing::Test {
  protected:
    MistypedTest() {
        root_.add({.names = "--json", .into = &json_, .help = ""});
        root_.add({.names = "--data-dir", .into = &folder_, .help = ""});
        auto& list = root_.add_command("tracks", "").add_command("list", "");
        list.add({.names = "--search", .into = &text_, .help = ""});
        root_.add_command("search", "").add({.names = "files", .into = &files_, .help = ""});
    }
    std::optional<std::string> mistyped(std::vector<std::string> arguments) { return cli::mistyped(root_, arguments); }

    Command root_{.name = "audio-ident", .help = ""};
    bool json_ = false;
    std::string folder_;
    std::string text_;
    std::vector<std::string> files_;
};

TEST_F(MistypedTest, NamesTheFirstThatDoesNotExist) {
    EXPECT_EQ(mistyped({"serach", "a.wav"}), "there is no command \"serach\"; did you mean \"search\"?");
    EXPECT_EQ(mistyped({"tracks", "lst"}), "there is no command \"lst\"; did you mean \"list\"?");
    EXPECT_EQ(mistyped({"tracks", "list", "--serch", "x"}),
              "there is no option \"--serch\"; did you mean \"--search\"?");
    EXPECT_EQ(mistyped({"tracks", "--jsn", "list"}), "there is no option \"--jsn\"; did you mean \"--json\"?");
    EXPECT_EQ(mistyped({"identify"}), "there is no command \"identify\"");
    EXPECT_EQ(mistyped({"a\nb"}), "there is no command \"a\\nb\"");
}

TEST_F(MistypedTest, ValuesAndFilesAreNoCommands) {
    EXPECT_EQ(mistyped({"--data-dir", "serach", "search", "serach"}), std::nullopt);
    EXPECT_EQ(mistyped({"--data-dir=x", "tracks", "list"}), std::nullopt);
    EXPECT_EQ(mistyped({"search", "--", "--jsn"}), std::nullopt);
    EXPECT_EQ(mistyped({}), std::nullopt);
}

}  // namespace
}  // namespace audio_ident::cli
