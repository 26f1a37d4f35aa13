#include "fingerprint/contrast.hpp"

#include <cmath>
#include <gtest/gtest.h>

#include "support/random.hpp"

namespace audio_ident::fingerprint {
namespace {

std::vector<LogRow> random_rows(std::uint64_t seed, std::size_t count) {
    test::Random random(seed);
    std::vector<LogRow> rows(count);
    for (std::size_t i = 0; i < count; ++i) {
        for (auto& value : rows[i]) {
            // Some rows are at the limits, where the sums are largest.
            const int x = i % 7 == 0 ? kLogLimit * (random.below(2) * 2 - 1) : random.below(2 * kLogLimit) - kLogLimit;
            value = static_cast<std::int16_t>(x);
        }
    }
    return rows;
}

std::vector<ContrastRow> contrast_of(Contrast& contrast, std::span<const LogRow> rows) {
    std::vector<ContrastRow> result;
    const auto keep = [&](const ContrastRow& row) { result.push_back(row); };
    for (const LogRow& row : rows) contrast.consume(row, keep);
    contrast.finish(keep);
    return result;
}

/// One value computed from the definition in double precision.
double reference(std::span<const LogRow> rows, std::size_t frame, std::size_t bin, std::size_t box_frames) {
    double sum = 0;
    double squares = 0;
    double count = 0;
    for (std::size_t i = frame - std::min(frame, box_frames); i < std::min(rows.size(), frame + box_frames + 1); ++i) {
        for (std::size_t k = bin - std::min(bin, kBoxBins); k < std::min(kBins, bin + kBoxBins + 1); ++k) {
            const double x = double(rows[i][k]) / double(kLogScale);
            sum += x;
            squares += x * x;
            ++count;
        }
    }
    const double mean = sum / count;
    return (double(rows[frame][bin]) / double(kLogScale) - mean) / std::sqrt(squares / count - mean * mean + 1);
}

void expect_reference(std::span<const LogRow> rows, std::size_t box_frames) {
    Contrast contrast(box_frames);
    const auto result = contrast_of(contrast, rows);
    ASSERT_EQ(result.size(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        // Every 23rd bin, a different set in each frame, and both edges.
        for (std::size_t k = i % 23; k < kBins; k += 23) {
            ASSERT_NEAR(double(result[i][k]), reference(rows, i, k, box_frames), 1e-4) << i << ", " << k;
        }
        for (const std::size_t k : {std::size_t{0}, kBins - 1}) {
            ASSERT_NEAR(double(result[i][k]), reference(rows, i, k, box_frames), 1e-4) << i << ", " << k;
        }
    }
}

TEST(Contrast, StandardisesByTheBoxAroundEachBin) {
    const auto rows = random_rows(1, 100);
    for (const std::size_t count : {0U, 1U, 31U, 32U, 63U, 64U, 100U}) {
        expect_reference(std::span(rows).first(count), kBoxFrames);
    }
}

TEST(Contrast, TakesABoxOfAnyLength) {
    const auto rows = random_rows(2, 20);
    for (const std::size_t box_frames : {0U, 1U, 4U, 50U}) expect_reference(rows, box_frames);
}

TEST(Contrast, IsZeroWhereNothingChanges) {
    LogRow row;
    row.fill(-kLogLimit);
    Contrast contrast;
    for (const ContrastRow& result : contrast_of(contrast, std::vector<LogRow>(80, row))) {
        for (const float value : result) EXPECT_NEAR(value, 0.0F, 1e-5F);
    }
}

TEST(Contrast, StartsAnewAfterReset) {
    const auto rows = random_rows(3, 70);
    Contrast fresh;
    Contrast used;
    contrast_of(used, random_rows(4, 90));
    used.reset();
    EXPECT_EQ(contrast_of(used, rows), contrast_of(fresh, rows));
}

}  // namespace
}  // namespace audio_ident::fingerprint
