#include "util/json_file.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "support/temp_folder.hpp"

namespace audio_ident::util {
namespace {

TEST(JsonFile, ReplacesWhatWasThereAndLeavesNothingBeside) {
    const test::TempFolder folder;
    const auto file = folder / "numbers.json";
    ASSERT_TRUE(write_json_file(file, {{"longer", "text than the next"}}));
    ASSERT_TRUE(write_json_file(file, {{"a", 1}}));
    std::ifstream stream(file);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "{\"a\":1}\n");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(JsonFile, WhatCannotBeWrittenIsNamed) {
    const test::TempFolder folder;
    const auto file = folder / "absent" / "numbers.json";
    const auto written = write_json_file(file, {{"a", 1}});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().kind, ErrorKind::not_available);
    EXPECT_NE(written.error().message.find(file.string()), std::string::npos);
}

}  // namespace
}  // namespace audio_ident::util
