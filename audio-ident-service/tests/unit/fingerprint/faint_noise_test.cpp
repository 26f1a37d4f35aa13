#include "fingerprint/faint_noise.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "support/random.hpp"

namespace audio_ident::fingerprint {
namespace {

std::vector<PowerRow> random_rows(std::uint64_t seed, std::size_t count) {
    test::Random random(seed);
    std::vector<PowerRow> rows(count);
    for (PowerRow& row : rows) {
        const float level = 1.0F / static_cast<float>(1 + random.below(100000));
        for (float& value : row) value = level * static_cast<float>(random.below(1000)) / 1000;
    }
    return rows;
}

std::vector<LogRow> rows_of(FaintNoise& noise, std::span<const PowerRow> rows) {
    std::vector<LogRow> result;
    const auto keep = [&](const LogRow& row) { result.push_back(row); };
    for (const PowerRow& row : rows) noise.consume(row, keep);
    noise.finish(keep);
    return result;
}

TEST(FaintNoise, IsAShareOfTheMeanPowerAroundEachFrame) {
    const auto rows = random_rows(1, 150);
    for (const std::size_t count : {0U, 1U, 31U, 32U, 63U, 64U, 150U}) {
        FaintNoise noise;
        const auto found = rows_of(noise, std::span(rows).first(count));
        ASSERT_EQ(found.size(), count);
        for (std::size_t i = 0; i < count; ++i) {
            double sum = 0;
            double values = 0;
            for (std::size_t a = i - std::min(i, kBoxFrames); a < std::min(count, i + kBoxFrames + 1); ++a) {
                for (const float value : rows[a]) sum += double(value);
                values += double(kBins);
            }
            const LogRow expected = log_of(rows[i], static_cast<float>(double(kFaintNoise) * sum / values));
            for (std::size_t k = 0; k < kBins; k += 7) {
                ASSERT_NEAR(int{found[i][k]}, int{expected[k]}, 1) << count << " frames, at " << i << ", " << k;
            }
        }
    }
}

TEST(FaintNoise, IsNoneInSilence) {
    FaintNoise noise;
    for (const LogRow& row : rows_of(noise, std::vector<PowerRow>(80, PowerRow{}))) {
        for (const int value : row) EXPECT_EQ(value, -kLogLimit);
    }
}

TEST(FaintNoise, StartsAnewAfterReset) {
    const auto rows = random_rows(2, 70);
    FaintNoise fresh;
    FaintNoise used;
    used.consume(rows[0], [](const LogRow&) {});
    rows_of(used, random_rows(3, 90));
    used.reset();
    EXPECT_EQ(rows_of(used, rows), rows_of(fresh, rows));
}

}  // namespace
}  // namespace audio_ident::fingerprint
