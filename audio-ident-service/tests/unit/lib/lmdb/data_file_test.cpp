#include "lib/lmdb/data_file.hpp"

#include <gtest/gtest.h>

#include "lib/lmdb/database.hpp"
#include "support/files.hpp"
#include "support/random.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::lmdb {
namespace {

using test::Random;

constexpr std::size_t kPage = 4096;

Bytes bytes(const std::string& text) {
    return std::as_bytes(std::span(text));
}

class DataFile : public testing::Test {
  protected:
    std::filesystem::path file() const { return folder_ / "data.mdb"; }
    bool whole() const { return data_file_is_whole(file()); }
    std::uint64_t stated_size() {
        const Environment environment(folder_.path(), Access::read_only, 1);
        MDB_envinfo info{};
        mdb_env_info(environment.get(), &info);
        return (info.me_last_pgno + 1) * kPage;
    }
    int code_of_opening(Access access) {
        try {
            const Environment environment(folder_.path(), access, 1);
            return 0;
        } catch (const LmdbError& error) {
            return error.code();
        }
    }

    test::TempFolder folder_;
};

TEST_F(DataFile, IsWholeAfterAnyWrites) {
    Random random(1);
    const Environment environment(folder_.path(), Access::read_write, 1);
    EXPECT_TRUE(whole());
    for (int i = 0; i < 150; ++i) {
        Transaction transaction(environment, Access::read_write);
        const Database table(transaction, "table", IfMissing::create);
        for (int n = random.below(30); n >= 0; --n) {
            const std::string key = std::to_string(random.below(60));
            if (random.below(3) == 0) table.erase(transaction, bytes(key));
            else table.put(transaction, bytes(key), bytes(std::string(random.next() % 30000, 'x')));
        }
        if (random.below(20) == 0) table.clear(transaction);
        transaction.commit();
        ASSERT_TRUE(whole()) << "after write " << i;
    }
}

TEST_F(DataFile, MayEndBeforePagesThatWereTakenAndGivenBack) {
    {
        const Environment environment(folder_.path(), Access::read_write, 1);
        // LMDB drops pages allocated in the same transaction only when it reuses old pages beside them.
        for (int i = 0; i < 5; ++i) {
            Transaction transaction(environment, Access::read_write);
            const Database table(transaction, "table", IfMissing::create);
            table.put(transaction, bytes("kept"), bytes(std::string(20000, 'x')));
            table.put(transaction, bytes("dropped"), bytes(std::string(200000, 'x')));
            table.erase(transaction, bytes("dropped"));
            transaction.commit();
        }
    }
    EXPECT_LT(std::filesystem::file_size(file()), stated_size());
    EXPECT_TRUE(whole());
    EXPECT_EQ(code_of_opening(Access::read_write), 0);
}

TEST_F(DataFile, IsRefusedWhereItWasCutOff) {
    {
        const Environment environment(folder_.path(), Access::read_write, 1);
        for (const char* key : {"a", "b", "c"}) {
            Transaction transaction(environment, Access::read_write);
            const Database table(transaction, "table", IfMissing::create);
            table.put(transaction, bytes(key), bytes(std::string(50000, 'x')));
            transaction.commit();
        }
    }
    const test::Bytes all = test::read_file(file());
    ASSERT_GT(all.size(), 100000U);
    for (std::size_t size = all.size() - 1; size >= 2 * kPage; size -= 1777) {
        test::write_file(file(), std::span(all).first(size));
        EXPECT_FALSE(whole()) << size;
        EXPECT_EQ(code_of_opening(Access::read_only), MDB_CORRUPTED) << size;
        EXPECT_EQ(code_of_opening(Access::read_write), MDB_CORRUPTED) << size;
        EXPECT_EQ(std::filesystem::file_size(file()), size) << "a refused file was changed";
    }
    test::write_file(file(), all);
    EXPECT_EQ(code_of_opening(Access::read_only), 0);
}

TEST_F(DataFile, IsMadeAgainWhenItsFirstPagesAreNotAllThere) {
    { const Environment environment(folder_.path(), Access::read_write, 1); }
    const test::Bytes first_pages = test::read_file(file());
    ASSERT_EQ(first_pages.size(), 2 * kPage);
    EXPECT_FALSE(data_file_is_unused(file()));
    for (std::size_t size = 0; size < 2 * kPage; size += 512) {
        test::write_file(file(), std::span(first_pages).first(size));
        EXPECT_TRUE(data_file_is_unused(file())) << size;
        EXPECT_EQ(code_of_opening(Access::read_write), 0) << size;
        EXPECT_EQ(test::read_file(file()), first_pages) << size;
    }
}

TEST_F(DataFile, IsNotMadeAgainWhenSomethingWasCommittedToIt) {
    {
        const Environment environment(folder_.path(), Access::read_write, 1);
        for (const char* key : {"a", "b"}) {
            Transaction transaction(environment, Access::read_write);
            Database(transaction, "table", IfMissing::create).put(transaction, bytes(key), bytes("value"));
            transaction.commit();
        }
    }
    const test::Bytes all = test::read_file(file());
    for (std::size_t size = 1; size < 2 * kPage; size += 511) {
        test::write_file(file(), std::span(all).first(size));
        EXPECT_FALSE(data_file_is_unused(file())) << size;
        EXPECT_NE(code_of_opening(Access::read_write), 0) << size;
        EXPECT_EQ(std::filesystem::file_size(file()), size) << "a refused file was changed";
    }
}

TEST_F(DataFile, IsRefusedWithSizesThatCannotBe) {
    { const Environment environment(folder_.path(), Access::read_write, 1); }
    const test::Bytes all = test::read_file(file());
    // In both meta pages: at byte 40 the page size, at byte 136 the number of the last page.
    for (const std::size_t at : {std::size_t{40}, std::size_t{136}}) {
        for (const unsigned value : {0U, 1U, 255U}) {
            test::Bytes damaged = all;
            for (const std::size_t page : {std::size_t{0}, kPage}) {
                std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(page + at), at == 40 ? 4 : 8,
                            std::byte(value));
            }
            test::write_file(file(), damaged);
            if (at == 136 && value == 0) continue;  // A database without used pages is valid.
            for (const Access access : {Access::read_only, Access::read_write}) {
                EXPECT_NE(code_of_opening(access), 0) << at << ", " << value;
                EXPECT_EQ(test::read_file(file()), damaged) << "a refused file was changed";
            }
        }
    }
}

TEST_F(DataFile, IsLeftToLmdbWhenItIsNoneOfIts) {
    EXPECT_TRUE(whole());
    for (const std::size_t size : {0U, 1U, 500U, 100000U}) {
        test::write_file(file(), std::string(size, 'x'));
        EXPECT_TRUE(whole()) << size;
        if (size > 0) {
            EXPECT_EQ(code_of_opening(Access::read_only), MDB_INVALID) << size;
        }
    }
}

}  // namespace
}  // namespace audio_ident::lmdb
