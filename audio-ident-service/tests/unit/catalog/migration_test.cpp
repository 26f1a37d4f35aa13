#include "catalog/migration.hpp"

#include <gmock/gmock.h>

namespace audio_ident::catalog {
namespace {

using testing::HasSubstr;

std::string refusal(std::vector<EmbeddedFile> files) {
    const auto ordered = order_migrations(files);
    EXPECT_FALSE(ordered);
    return ordered ? "" : ordered.error().message;
}

TEST(Migration, PairsAndOrdersFilesByNumber) {
    const std::vector<EmbeddedFile> files = {{"0002_more.down.sql", "x", "d2"},
                                             {"0001_first.up.sql", "sum", "u1"},
                                             {"0002_more.up.sql", "y", "u2"},
                                             {"0001_first.down.sql", "z", "d1"}};
    const auto ordered = order_migrations(files);
    ASSERT_TRUE(ordered) << ordered.error().message;
    ASSERT_EQ(ordered->size(), 2U);
    EXPECT_EQ((*ordered)[0].name, "0001_first");
    EXPECT_EQ((*ordered)[0].up, "u1");
    EXPECT_EQ((*ordered)[0].down, "d1");
    EXPECT_EQ((*ordered)[0].checksum, "sum");
    EXPECT_EQ((*ordered)[1].version, 2);
}

TEST(Migration, RefusesMoreOrLessThanOneHead) {
    const EmbeddedFile up{"0001_a.up.sql", "", "x"};
    const EmbeddedFile down{"0001_a.down.sql", "", "x"};
    EXPECT_THAT(refusal({}), HasSubstr("no migrations"));
    EXPECT_THAT(refusal({up, down, {"0001_b.up.sql", "", "x"}}), HasSubstr("same number"));
    EXPECT_THAT(refusal({up, down, {"0003_c.up.sql", "", "x"}, {"0003_c.down.sql", "", "x"}}),
                HasSubstr("number 2 is missing"));
    EXPECT_THAT(refusal({{"0000_a.up.sql", "", "x"}, {"0000_a.down.sql", "", "x"}}), HasSubstr("number 1 is missing"));
    EXPECT_THAT(refusal({up}), HasSubstr("down file is missing"));
    EXPECT_THAT(refusal({down}), HasSubstr("up file is missing"));
    EXPECT_THAT(refusal({{"0001_a.up.sql", "", ""}, down}), HasSubstr("empty"));
    EXPECT_THAT(refusal({{"1_a.up.sql", "", "x"}}), HasSubstr("NNNN_name"));
    EXPECT_THAT(refusal({{"0001_a.sql", "", "x"}}), HasSubstr("ends in neither"));
}

TEST(Migration, KnowsTheOldestProgramThatWorksAfterIt) {
    const std::vector<EmbeddedFile> files = {
        {"0001_a.up.sql", "", "-- A table.\nCREATE TABLE a (x text);"},
        {"0001_a.down.sql", "", "x"},
        {"0002_b.up.sql", "", "-- One more.\n-- works-from: 0001\nCREATE TABLE b (x text);"},
        {"0002_b.down.sql", "", "-- works-from: 0002"},
    };
    const auto ordered = order_migrations(files);
    ASSERT_TRUE(ordered) << ordered.error().message;
    EXPECT_EQ((*ordered)[0].works_from, 1) << "without the line: only programs that know it";
    EXPECT_EQ((*ordered)[1].works_from, 1);
    for (const char* wrong : {"-- works-from: 0002", "-- works-from: 0000", "-- works-from: 1", "-- works-from: next"})
        EXPECT_THAT(refusal({{"0001_a.up.sql", "", wrong}, {"0001_a.down.sql", "", "x"}}), HasSubstr("works-from"));
}

TEST(Migration, TheProgramsOwnHaveOneHead) {
    const auto ordered = order_migrations(sqlite_migration_files());
    ASSERT_TRUE(ordered) << ordered.error().message;
    for (const Migration& migration : *ordered) EXPECT_EQ(migration.checksum.size(), 64U) << migration.name;
}

}  // namespace
}  // namespace audio_ident::catalog
