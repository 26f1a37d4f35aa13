#include <gmock/gmock.h>
#include <stop_token>

#include "backends.hpp"
#include "content.hpp"
#include "index/both_lanes/lmdb_folder.hpp"
#include "index/fingerprint/copy_index.hpp"

namespace audio_ident::test {
namespace {

using index::IndexCopy;
using testing::AllOf;
using testing::HasSubstr;

/// Stores of both kinds, copied from one to the other.
class PostgresIndexCopy : public testing::TestWithParam<bool> {
  protected:
    PostgresIndexCopy() {
        auto opened = index::LmdbFolder::open(folder_.path(), lmdb::Access::read_write, executor());
        if (!opened) throw std::runtime_error(opened.error().message);
        lmdb_ = std::move(*opened);
    }
    /// Opens an index in a store; LMDB allows that only once at a time.
    template <typename Use>
    void with_index(bool postgres, const Use& use) {
        if (postgres) {
            const auto index = database_.open();
            ASSERT_TRUE(index) << index.error().message;
            return use((*index)->writer());
        }
        lmdb_.reset();
        {
            const auto index = index::LmdbIndex::open(folder_.path(), lmdb::Access::read_write, executor());
            ASSERT_TRUE(index) << index.error().message;
            use((*index)->writer());
        }
        lmdb_ = std::move(*index::LmdbFolder::open(folder_.path(), lmdb::Access::read_write, executor()));
    }
    static void fill(index::FingerprintIndexWriter& writer, std::uint32_t first) {
        for (std::uint32_t i = first; i < first + 40; ++i) {
            const index::TrackFingerprint tracks[] = {{numbered_id(i), random_fingerprint(i, 3600 + i % 7 * 100)}};
            ASSERT_TRUE(writer.add(tracks, Deadline()));
        }
        const TrackId removed[] = {numbered_id(first + 4)};
        ASSERT_TRUE(writer.remove(removed, Deadline()));
    }
    index::MapStore& store(bool postgres) {
        return postgres ? static_cast<index::MapStore&>(postgres_) : lmdb_->maps();
    }
    index::MapStore& from() { return store(GetParam()); }
    index::MapStore& to() { return store(!GetParam()); }

    static void copy_all(IndexCopy& copy, std::uint64_t tracks) {
        ASSERT_TRUE(copy.has_source(Deadline()).value());
        ASSERT_TRUE(copy.check_target(Deadline()));
        ASSERT_TRUE(copy.begin(Deadline()));
        const auto copied = copy.copy([](const auto&) {}, Deadline());
        ASSERT_TRUE(copied) << copied.error().message;
        EXPECT_EQ(copied->tracks, tracks);
        ASSERT_TRUE(copy.finish(Deadline()));
    }

    TempFolder folder_;
    PostgresTestIndex database_;
    index::PostgresMapStore postgres_{database_.url(), kName};
    std::unique_ptr<index::LmdbFolder> lmdb_;
};
INSTANTIATE_TEST_SUITE_P(All, PostgresIndexCopy, testing::Bool(),
                         [](const auto& from) { return from.param ? "ToLmdb" : "FromLmdb"; });

TEST_P(PostgresIndexCopy, HasTheSameBytes) {
    with_index(GetParam(), [](auto& writer) { fill(writer, 0); });
    const Content before = content_of(from());
    EXPECT_GT(before.size(), 500U) << "more than one read";
    for (const std::size_t batch_bytes : {std::size_t{1} << 10, IndexCopy::kBatchBytes}) {
        IndexCopy copy(from(), to(), batch_bytes);
        copy_all(copy, 39);
        EXPECT_TRUE(content_of(to()) == before);
        // The copy is an index like any other.
        with_index(!GetParam(), [&](auto& writer) {
            EXPECT_EQ(writer.tracks(Deadline())->size(), 39U);
            ASSERT_TRUE(writer.clear(Deadline()));
        });
    }
}

TEST_P(PostgresIndexCopy, InterruptedItIsNoIndexAndBeginsAgain) {
    with_index(GetParam(), [](auto& writer) { fill(writer, 0); });
    {
        IndexCopy copy(from(), to(), 1U << 10);
        ASSERT_TRUE(copy.begin(Deadline()));
        std::stop_source stop;
        const auto stopped = copy.copy([&](const auto&) { stop.request_stop(); }, Deadline::never(stop.get_token()));
        ASSERT_FALSE(stopped);
    }
    EXPECT_GT(content_of(to()).size(), 1U);
    if (GetParam()) lmdb_.reset();
    const auto refused = GetParam()
                             ? index::LmdbIndex::open(folder_.path(), lmdb::Access::read_write, executor()).error()
                             : database_.open().error();
    EXPECT_EQ(refused.kind, ErrorKind::unsupported);
    EXPECT_THAT(refused.message, AllOf(HasSubstr("a copy into it was not finished"), HasSubstr("db copy")));
    if (GetParam()) lmdb_ = std::move(*index::LmdbFolder::open(folder_.path(), lmdb::Access::read_write, executor()));

    IndexCopy back(to(), from());
    const auto unfinished = back.has_source(Deadline());
    ASSERT_FALSE(unfinished) << "a part of an index is not copied on";
    EXPECT_EQ(unfinished.error().kind, ErrorKind::unsupported);

    IndexCopy again(from(), to());
    copy_all(again, 39);
    EXPECT_TRUE(content_of(to()) == content_of(from()));
}

TEST_P(PostgresIndexCopy, ATargetWithTracksIsRefusedAndStays) {
    for (const bool postgres : {true, false}) with_index(postgres, [](auto& writer) { fill(writer, 0); });
    const Content before = content_of(to());
    IndexCopy copy(from(), to());
    const auto refused = copy.check_target(Deadline());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(refused.error().message, HasSubstr("already has tracks"));
    EXPECT_TRUE(content_of(to()) == before);
}

}  // namespace
}  // namespace audio_ident::test
