#include "index/lmdb/guard.hpp"

#include <cerrno>
#include <gmock/gmock.h>
#include <lmdb.h>
#include <stdexcept>

namespace audio_ident::index {
namespace {

using testing::HasSubstr;

template <typename Exception>
Error error_of(const Exception& thrown) {
    const IndexName name{"fingerprint index", "audio-ident rebuild-index"};
    return guarded(name, "/data/index", [&]() -> Result<void> { throw thrown; }).error();
}

TEST(Guard, CallsDamageCorruptAndSaysWhatMendsIt) {
    for (const Error& error : {error_of(Corrupt("a block of peaks is cut off")),
                               error_of(lmdb::LmdbError(MDB_CORRUPTED, "a block of peaks is cut off"))}) {
        EXPECT_EQ(error.kind, ErrorKind::corrupt);
        EXPECT_THAT(error.message, HasSubstr("fingerprint index /data/index: a block of peaks is cut off"));
        EXPECT_THAT(error.message, HasSubstr("run `audio-ident rebuild-index`"));
    }
}

TEST(Guard, CallsNothingElseDamage) {
    for (const Error& error : {error_of(std::bad_alloc()), error_of(std::logic_error("a bug")),
                               error_of(std::runtime_error("a bug")), error_of(std::length_error("too long"))}) {
        EXPECT_EQ(error.kind, ErrorKind::internal) << error.message;
        EXPECT_THAT(error.message, HasSubstr("fingerprint index /data/index: "));
        EXPECT_THAT(error.message, testing::Not(HasSubstr("rebuild-index")));
    }
    EXPECT_EQ(error_of(lmdb::LmdbError(ENOSPC, "cannot write")).kind, ErrorKind::not_available);
}

}  // namespace
}  // namespace audio_ident::index
