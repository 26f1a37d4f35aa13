#include "core/error_code.hpp"

#include <gtest/gtest.h>

namespace audio_ident {
namespace {

TEST(ErrorCodeTest, AnErrorsOwnCodeCountsBeforeWhatItsKindComesTo) {
    EXPECT_EQ(code_of({ErrorKind::invalid_input, "too short", "AUDIO_TOO_SHORT"}), "AUDIO_TOO_SHORT");
    EXPECT_EQ(code_of({ErrorKind::invalid_input, "", {}}), "VALIDATION_ERROR");
    EXPECT_EQ(code_of({ErrorKind::not_available, "", {}}), "SERVICE_UNAVAILABLE");
    EXPECT_EQ(code_of({ErrorKind::timeout, "", {}}), "SEARCH_TIMEOUT");
    EXPECT_EQ(code_of({ErrorKind::unsupported, "", {}}), "UNSUPPORTED_FORMAT");
    EXPECT_EQ(code_of({ErrorKind::corrupt, "", {}}), "INTERNAL_ERROR");
}

}  // namespace
}  // namespace audio_ident
