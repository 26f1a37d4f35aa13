#include <algorithm>
#include <gtest/gtest.h>
#include <iterator>
#include <memory>
#include <set>
#include <stdexcept>
#include <vector>

#include "index/fingerprint/records.hpp"
#include "support/random.hpp"

namespace audio_ident::index {
namespace {

using fingerprint::kBins;
using fingerprint::Peak;
using test::Random;

constexpr std::uint32_t kBlock = 1234 * kPeakBlockFrames;

std::vector<Peak> random_peaks(Random& random, std::size_t count) {
    std::set<Peak> peaks;
    while (peaks.size() < count) {
        peaks.insert({kBlock + static_cast<std::uint32_t>(random.next() % kPeakBlockFrames),
                      static_cast<std::uint16_t>(random.next() % kBins), 0});
    }
    return {peaks.begin(), peaks.end()};
}

std::vector<Peak> decode(std::span<const std::byte> bytes) {
    const auto exact = std::make_unique<std::byte[]>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), exact.get());
    std::vector<Peak> peaks;
    decode_peak_block({exact.get(), bytes.size()}, kBlock, peaks);
    return peaks;
}

TEST(PeakBlock, GivesBackThePeaksWithoutStrengths) {
    Random random(1);
    for (const std::size_t count : {0U, 1U, 2U, 60U, 248U, 5000U}) {
        const std::vector<Peak> peaks = random_peaks(random, count);
        std::vector<Peak> strong = peaks;
        for (Peak& peak : strong) peak.strength = 200;
        EXPECT_EQ(decode(encode_peak_block(strong, kBlock)), peaks) << count;
    }
}

TEST(PeakBlock, KeepsTheCornersOfTheBlock) {
    const std::vector<Peak> corners = {{kBlock, 0, 0},
                                       {kBlock, kBins - 1, 0},
                                       {kBlock + kPeakBlockFrames - 1, 0, 0},
                                       {kBlock + kPeakBlockFrames - 1, kBins - 1, 0}};
    EXPECT_EQ(decode(encode_peak_block(corners, kBlock)), corners);
}

TEST(PeakBlock, AppendsToWhatIsThere) {
    std::vector<Peak> peaks = {{1, 2, 3}};
    decode_peak_block(encode_peak_block(std::vector<Peak>{{kBlock + 5, 6, 7}}, kBlock), kBlock, peaks);
    EXPECT_EQ(peaks, (std::vector<Peak>{{1, 2, 3}, {kBlock + 5, 6, 0}}));
}

TEST(PeakBlock, GivesOnlyThePeaksOfTheWantedFrames) {
    Random random(4);
    const std::vector<Peak> all = random_peaks(random, 248);
    const auto bytes = encode_peak_block(all, kBlock);
    constexpr std::uint32_t kEnd = kBlock + kPeakBlockFrames;
    struct Frames {
        std::uint32_t first;
        std::uint32_t end;
    };
    for (const Frames frames :
         {Frames{0, kEnd}, Frames{kBlock, kBlock + 1}, Frames{kBlock + 100, kBlock + 101},
          Frames{kBlock + 77, kBlock + 200}, Frames{kEnd - 1, kEnd + 500}, Frames{kBlock - 9, kBlock}}) {
        std::vector<Peak> wanted;
        std::ranges::copy_if(all, std::back_inserter(wanted),
                             [&](const Peak& peak) { return peak.frame >= frames.first && peak.frame < frames.end; });
        std::vector<Peak> peaks;
        decode_peak_block(bytes, kBlock, peaks, frames.first, frames.end);
        EXPECT_EQ(peaks, wanted) << frames.first << " to " << frames.end;
    }
}

TEST(PeakBlock, EveryTruncationIsNoticed) {
    Random random(2);
    const auto bytes = encode_peak_block(random_peaks(random, 100), kBlock);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_THROW(decode(std::span(bytes).first(size)), std::runtime_error) << size;
    }
}

TEST(PeakBlock, FlippedBitsAreNoticedOrGivePeaksOfTheBlock) {
    Random random(3);
    const auto whole = encode_peak_block(random_peaks(random, 100), kBlock);
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        auto bytes = whole;
        bytes[bit / 8] ^= std::byte(1U << (bit % 8));
        try {
            for (const Peak& peak : decode(bytes)) {
                ASSERT_TRUE(peak.frame >= kBlock && peak.frame < kBlock + kPeakBlockFrames && peak.bin < kBins);
            }
        } catch (const std::runtime_error& error) {
            EXPECT_STREQ(error.what(), "a block of peaks has a wrong size");
        }
    }
}

}  // namespace
}  // namespace audio_ident::index
