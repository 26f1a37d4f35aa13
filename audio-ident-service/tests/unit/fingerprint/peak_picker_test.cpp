#include "fingerprint/peak_picker.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <tuple>

#include "support/random.hpp"

namespace audio_ident::fingerprint {
namespace {

/// Contrast in few steps, so that equal neighbours are common.
std::vector<ContrastRow> random_rows(std::uint64_t seed, std::size_t count, int steps) {
    test::Random random(seed);
    std::vector<ContrastRow> rows(count);
    for (ContrastRow& row : rows) {
        for (float& value : row)
            value = static_cast<float>(random.below(steps)) * (8.0F / static_cast<float>(steps)) - 1;
    }
    return rows;
}

std::vector<Peak> pick(PeakPicker& picker, std::span<const ContrastRow> rows) {
    for (const ContrastRow& row : rows) picker.consume(row);
    return picker.finish();
}

std::vector<Peak> reference(std::span<const ContrastRow> rows, std::size_t peaks_per_bucket) {
    struct Found {
        float contrast;
        std::size_t frame;
        std::size_t bin;
    };
    std::vector<std::vector<Found>> buckets((rows.size() + kBucketFrames - 1) / kBucketFrames);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t k = 0; k < kBins; ++k) {
            bool highest = rows[i][k] > kPeakContrast;
            for (std::size_t a = i - std::min(i, kPeakFrames); a < std::min(rows.size(), i + kPeakFrames + 1); ++a) {
                for (std::size_t b = k - std::min(k, kPeakBins); b < std::min(kBins, k + kPeakBins + 1); ++b) {
                    highest = highest && rows[a][b] <= rows[i][k];
                }
            }
            if (highest) buckets[i / kBucketFrames].push_back({rows[i][k], i, k});
        }
    }
    std::vector<Peak> peaks;
    for (auto& bucket : buckets) {
        std::stable_sort(bucket.begin(), bucket.end(),
                         [](const Found& a, const Found& b) { return a.contrast > b.contrast; });
        bucket.resize(std::min(bucket.size(), peaks_per_bucket));
        for (const Found& f : bucket) {
            peaks.push_back({static_cast<std::uint32_t>(f.frame), static_cast<std::uint16_t>(f.bin),
                             static_cast<std::uint8_t>(std::min(255.0F, f.contrast * kStrengthScale))});
        }
    }
    std::sort(peaks.begin(), peaks.end());
    return peaks;
}

TEST(PeakPicker, FindsTheMaximaThatABruteForceSearchFinds) {
    for (const int steps : {5, 40, 1000000}) {
        const auto rows = random_rows(static_cast<std::uint64_t>(steps), 100, steps);
        for (const std::size_t count : {0U, 1U, 3U, 4U, 7U, 32U, 33U, 100U}) {
            for (const std::size_t kept : {std::size_t{1}, kReferencePeaksPerBucket, std::size_t{100000}}) {
                PeakPicker picker(kept);
                const auto some = std::span(rows).first(count);
                EXPECT_EQ(pick(picker, some), reference(some, kept)) << steps << " steps, " << count << " frames";
            }
        }
    }
}

TEST(PeakPicker, IgnoresWhatIsBelowTheThreshold) {
    std::vector<ContrastRow> rows(10, ContrastRow{});
    rows[5][300] = kPeakContrast * 0.99F;
    PeakPicker picker;
    EXPECT_TRUE(pick(picker, rows).empty());
    rows[5][300] = kPeakContrast * 1.01F;
    const auto peaks = pick(picker, rows);
    ASSERT_EQ(peaks.size(), 1U);
    EXPECT_EQ(peaks[0].frame, 5U);
    EXPECT_EQ(peaks[0].bin, 300U);
}

TEST(PeakPicker, StartsAnewAfterFinishAndReset) {
    const auto rows = random_rows(1, 50, 1000);
    PeakPicker picker;
    const auto first = pick(picker, rows);
    EXPECT_EQ(pick(picker, rows), first);
    for (const ContrastRow& row : random_rows(2, 45, 1000)) picker.consume(row);
    picker.reset();
    EXPECT_EQ(pick(picker, rows), first);
}

}  // namespace
}  // namespace audio_ident::fingerprint
