#include "audio/chromaprint.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "support/decode.hpp"
#include "support/encode.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::audio {
namespace {

using test::Clip;

constexpr int kRate = ChromaprintCalculator::kSampleRateHz;

std::optional<Chromaprint> calculate(const std::vector<float>& samples, std::size_t block = 4096) {
    ChromaprintCalculator calculator;
    const std::span<const float> all = samples;
    for (std::size_t i = 0; i < all.size(); i += block)
        calculator.consume(all.subspan(i, std::min(block, all.size() - i)));
    return calculator.finish();
}

std::vector<std::uint32_t> items(const std::vector<float>& samples) {
    const auto chromaprint = calculate(samples);
    return chromaprint ? decode_chromaprint(chromaprint->text).value() : std::vector<std::uint32_t>{};
}

TEST(Chromaprint, DoesNotDependOnHowTheInputIsCut) {
    const Clip clip = test::music(1, 8, kRate);
    const auto whole = calculate(clip.samples, clip.samples.size());
    ASSERT_TRUE(whole.has_value());
    EXPECT_DOUBLE_EQ(whole->duration_seconds, 8);
    for (const std::size_t block : {1U, 333U, 4096U})
        EXPECT_EQ(calculate(clip.samples, block)->text, whole->text) << block;
}

TEST(Chromaprint, CoversTheFirstTwoMinutes) {
    const Clip longer = test::music(1, 125, kRate);
    const Clip shorter = test::section(longer, 0, 120);
    const auto first = calculate(longer.samples, 50000);
    ASSERT_TRUE(first.has_value());
    EXPECT_DOUBLE_EQ(first->duration_seconds, 120);
    EXPECT_EQ(first->text, calculate(shorter.samples)->text);
}

TEST(Chromaprint, IsAbsentWhereRecordingsCannotBeToldApart) {
    EXPECT_FALSE(calculate({}).has_value());
    EXPECT_FALSE(calculate({0.5F}).has_value());
    EXPECT_FALSE(calculate(test::music(1, 3, kRate).samples).has_value());
    EXPECT_FALSE(calculate(test::silence(30, kRate).samples).has_value());
    EXPECT_FALSE(calculate(test::tone(440, 30, kRate).samples).has_value());
}

TEST(Chromaprint, FindsTheSameRecordingInOtherEncodings) {
    const test::TempFolder folder;
    const Clip clip = test::music(1, 20);
    test::encode(clip, folder / "a.flac");
    test::encode(clip, folder / "a.mp3", {"-b:a", "64k"});
    test::encode(clip, folder / "a.opus", {"-b:a", "32k"});
    const auto original = items(test::decode(folder / "a.flac")->samples);
    EXPECT_EQ(chromaprint_similarity(original, original), 1);
    EXPECT_GT(chromaprint_similarity(original, items(test::decode(folder / "a.mp3")->samples)), 0.9);
    EXPECT_GT(chromaprint_similarity(original, items(test::decode(folder / "a.opus")->samples)), 0.9);
}

TEST(Chromaprint, FindsTheSameRecordingBehindSilence) {
    const Clip clip = test::music(1, 20, kRate);
    const Clip later = test::concatenate(std::vector{test::silence(2.5, kRate), clip});
    const auto a = items(clip.samples);
    const auto b = items(later.samples);
    EXPECT_GT(chromaprint_similarity(a, b), 0.9);
    EXPECT_GT(chromaprint_similarity(b, a), 0.9);
}

TEST(Chromaprint, KeepsDifferentMusicApart) {
    std::vector<std::vector<std::uint32_t>> all;
    for (std::uint64_t seed = 0; seed < 8; ++seed) all.push_back(items(test::music(seed, 20, kRate).samples));
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) EXPECT_LT(chromaprint_similarity(all[i], all[j]), 0.8) << i << ' ' << j;
    }
}

TEST(Chromaprint, SharedSilenceIsNoLikeness) {
    const Clip silence = test::silence(60, kRate);
    const auto a = items(test::concatenate(std::vector{test::music(1, 10, kRate), silence}).samples);
    const auto b = items(test::concatenate(std::vector{test::music(2, 10, kRate), silence}).samples);
    EXPECT_LT(chromaprint_similarity(a, b), 0.8);
    EXPECT_EQ(chromaprint_similarity({}, a), 0);
}

TEST(Chromaprint, DecodesOnlyItsOwnText) {
    EXPECT_FALSE(decode_chromaprint("").has_value());
    EXPECT_FALSE(decode_chromaprint("hello").has_value());
    EXPECT_FALSE(decode_chromaprint("!!!!").has_value());
    EXPECT_FALSE(decode_chromaprint(std::string(10000, 'A')).has_value());
    std::string text = calculate(test::music(1, 8, kRate).samples)->text;
    EXPECT_TRUE(decode_chromaprint(text).has_value());
    EXPECT_FALSE(decode_chromaprint(text.substr(0, text.size() / 2)).has_value());
}

}  // namespace
}  // namespace audio_ident::audio
