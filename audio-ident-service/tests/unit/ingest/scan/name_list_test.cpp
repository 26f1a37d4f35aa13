#include "ingest/scan/name_list.hpp"

#include <gtest/gtest.h>
#include <string_view>
#include <vector>

#include "support/files.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::ingest {
namespace {

using namespace std::string_view_literals;

std::vector<std::string> read_all(std::string_view content) {
    const test::TempFolder folder;
    test::write_file(folder / "list", content);
    auto list = NameList::open(folder / "list");
    EXPECT_TRUE(list) << list.error().message;
    std::vector<std::string> names;
    for (;;) {
        auto name = list->next({});
        EXPECT_TRUE(name) << name.error().message;
        if (!name || !*name) return names;
        names.push_back(**name);
    }
}

using Names = std::vector<std::string>;

TEST(NameList, ReadsOneNameALine) {
    EXPECT_EQ(read_all("a.mp3\n/b c.mp3\n\n  d.mp3 \n"), (Names{"a.mp3", "/b c.mp3", "  d.mp3 "}));
    EXPECT_EQ(read_all("a\nb"), (Names{"a", "b"})) << "the last name needs no end";
    EXPECT_EQ(read_all(""), Names{});
    EXPECT_EQ(read_all("\n\n"), Names{});
}

TEST(NameList, ReadsNamesWithNewlinesWhenTheyAreSeparatedByNul) {
    EXPECT_EQ(read_all("a\nb.mp3\0\xff\xfe.mp3\0c"sv), (Names{"a\nb.mp3", "\xff\xfe.mp3", "c"}));
    EXPECT_EQ(read_all("one\0"sv), (Names{"one"}));
}

TEST(NameList, ReadsListsMuchLongerThanItsBuffer) {
    for (const char separator : {'\n', '\0'}) {
        std::string content;
        Names expected;
        for (int i = 0; i < 50'000; ++i) {
            expected.push_back("/music/" + std::to_string(i) + ".mp3");
            content += expected.back();
            content += separator;
        }
        EXPECT_EQ(read_all(content), expected);
    }
}

TEST(NameList, RefusesAFileThatIsNoList) {
    const test::TempFolder folder;
    test::write_file(folder / "list", std::string(1'000'000, 'x'));
    auto list = NameList::open(folder / "list");
    ASSERT_TRUE(list);
    const auto name = list->next({});
    ASSERT_FALSE(name);
    EXPECT_EQ(name.error().kind, ErrorKind::invalid_input);
}

TEST(NameList, SaysWhyItCannotBeOpened) {
    const test::TempFolder folder;
    const auto missing = NameList::open(folder / "missing");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind, ErrorKind::not_available);
    const auto a_folder = NameList::open(folder.path());
    ASSERT_FALSE(a_folder);
    EXPECT_EQ(a_folder.error().kind, ErrorKind::invalid_input);
}

}  // namespace
}  // namespace audio_ident::ingest
