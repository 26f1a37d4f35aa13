#include "config/env_file.hpp"

#include <gtest/gtest.h>

namespace audio_ident::config {
namespace {

std::string value_of(std::string_view text) {
    const auto entries = parse_env_file(text, ".env");
    if (!entries) return "error: " + entries.error().message;
    return entries->empty() ? "nothing" : entries->back().value;
}

TEST(EnvFile, ReadsPlainAndQuotedValues) {
    EXPECT_EQ(value_of("A=one two"), "one two");
    EXPECT_EQ(value_of("A = spaced \t\r\n"), "spaced");
    EXPECT_EQ(value_of("export A=exported"), "exported");
    EXPECT_EQ(value_of("A='single $HOME \\n'"), "single $HOME \\n");
    EXPECT_EQ(value_of("A=\"tab\\tquote\\\" \\$x \\q\" # comment"), "tab\tquote\" $x \\q");
    EXPECT_EQ(value_of("A="), "");
    EXPECT_EQ(value_of("A=''"), "");
}

TEST(EnvFile, ACommentStartsAtALineOrAfterABlank) {
    EXPECT_EQ(value_of("A=red # the colour"), "red");
    EXPECT_EQ(value_of("A=#red"), "");
    EXPECT_EQ(value_of("A=http://host/#part"), "http://host/#part");
    EXPECT_EQ(value_of("  # A=1\n\n"), "nothing");
}

TEST(EnvFile, KeepsOrderLinesAndRepeatedNames) {
    const auto entries = parse_env_file(
        "\xEF\xBB\xBF"
        "A=1\n\nB=2\r\nA=3",
        ".env");
    ASSERT_TRUE(entries);
    ASSERT_EQ(entries->size(), 3U);
    EXPECT_EQ(entries->at(0).name, "A");
    EXPECT_EQ(entries->at(1).value, "2");
    EXPECT_EQ(entries->at(1).line, 3);
    EXPECT_EQ(entries->at(2).line, 4);
}

TEST(EnvFile, AnErrorNamesFileAndLineButNeverTheValue) {
    EXPECT_EQ(value_of("A=1\nnonsense"), "error: .env:2: expected NAME=value");
    EXPECT_EQ(value_of("1A=2"), "error: .env:1: expected NAME=value");
    EXPECT_EQ(value_of("A B=2"), "error: .env:1: expected NAME=value");
    EXPECT_EQ(value_of("KEY='s3cret"), "error: .env:1: the closing quote of KEY is missing");
    EXPECT_EQ(value_of("KEY=\"s3cret\\\""), "error: .env:1: the closing quote of KEY is missing");
    EXPECT_EQ(value_of("KEY='s3'cret"), "error: .env:1: text after the closing quote of KEY");
}

}  // namespace
}  // namespace audio_ident::config
