#include "search/calibration.hpp"

#include <cmath>
#include <fstream>
#include <gtest/gtest.h>

#include "catalog/file_documents.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::search {
namespace {

TEST(Calibration, TheDefaultChangesNothing) {
    for (const double p : {0.0, 0.3, 0.5, 1.0}) {
        EXPECT_EQ(Calibration{}.apply(p), p);
        EXPECT_EQ(Calibration{}.invert(p), p);
    }
}

TEST(Calibration, AppliesSlopeAndOffsetToTheLogit) {
    const Calibration calibration{.slope = 0.5, .offset = -1};
    EXPECT_NEAR(calibration.apply(0.5), 1 / (1 + std::exp(1.0)), 1e-12);
    EXPECT_NEAR(calibration.apply(calibration.invert(0.7)), 0.7, 1e-9);
    EXPECT_LT(calibration.apply(0.4), calibration.apply(0.6));
    EXPECT_EQ(calibration.invert(0), 0);
    EXPECT_EQ(calibration.invert(1), 1);
}

TEST(Calibration, IsKeptInADocument) {
    const test::TempFolder folder;
    const auto file = folder.path() / "calibration.json";
    catalog::FileDocuments documents(folder.path());
    const auto none = read_calibration(documents, {});
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none);
    ASSERT_TRUE(write_calibration(documents, {0.8, -0.25, "2026-11-22T10:00:00.000000Z"}, {}));
    const auto stored = read_calibration(documents, {});
    ASSERT_TRUE(stored);
    ASSERT_TRUE(*stored);
    EXPECT_EQ((*stored)->slope, 0.8);
    EXPECT_EQ((*stored)->offset, -0.25);
    EXPECT_EQ((*stored)->measured_at, "2026-11-22T10:00:00.000000Z");
    for (const char* damaged :
         {"", "{", R"({"slope":1})", R"({"slope":-1,"offset":0,"measured_at":"","fingerprint_version":2})"}) {
        std::ofstream(file) << damaged;
        EXPECT_EQ(read_calibration(documents, {}).error().kind, ErrorKind::corrupt) << damaged;
    }
    catalog::FileDocuments below_a_file(file);
    EXPECT_FALSE(write_calibration(below_a_file, {}, {}));
}

}  // namespace
}  // namespace audio_ident::search
