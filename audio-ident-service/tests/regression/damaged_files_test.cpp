#include <gtest/gtest.h>
#include <string_view>

#include "support/decode.hpp"
#include "support/encode.hpp"
#include "support/files.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

// A file that ended early or was damaged in the middle was decoded as far as it went, and nobody was told.

namespace audio_ident::audio {
namespace {

constexpr double kSeconds = 8;

class DamagedFiles : public testing::TestWithParam<const char*> {
  protected:
    DamagedFiles() {
        test::encode(test::music(1, kSeconds), file_, {"-movflags", "+faststart"});
        bytes_ = test::read_file(file_);
    }
    DecodeSummary decoded() {
        test::write_file(file_, bytes_);
        const auto decoded = test::decode(file_);
        EXPECT_TRUE(decoded.has_value()) << decoded.error().message;
        return decoded ? decoded->summary : DecodeSummary{};
    }

    test::TempFolder folder_;
    std::filesystem::path file_ = folder_ / GetParam();
    test::Bytes bytes_;
};

class CutFiles : public DamagedFiles {};
class SpoiledFiles : public DamagedFiles {};

TEST_P(CutFiles, SayHowLongTheyShouldBe) {
    bytes_.resize(bytes_.size() * 4 / 10);
    const DecodeSummary summary = decoded();
    EXPECT_LT(summary.duration_seconds, kSeconds / 2);
    ASSERT_TRUE(summary.stated_seconds.has_value());
    EXPECT_NEAR(*summary.stated_seconds, kSeconds, 0.1);
}
INSTANTIATE_TEST_SUITE_P(Formats, CutFiles,
                         testing::Values("a.flac", "a.mp3", "a.wav", "a.m4a", "a.mka", "a.webm", "a.aiff", "a.au",
                                         "a.tta", "a.wv", "a.w64", "a.caf"));

TEST_P(CutFiles, AreWholeWhenNothingIsMissing) {
    const DecodeSummary summary = decoded();
    EXPECT_NEAR(summary.duration_seconds, kSeconds, 0.1);
    EXPECT_EQ(summary.stated_seconds, std::nullopt);
    EXPECT_EQ(summary.damaged_frames, 0);
}

TEST_P(SpoiledFiles, SayHowManyFramesAreDamagedAndDoNotEndEarly) {
    const auto middle = bytes_.begin() + static_cast<std::ptrdiff_t>(bytes_.size() / 2);
    std::fill(middle, middle + static_cast<std::ptrdiff_t>(bytes_.size() / 20), std::byte{0x55});
    const DecodeSummary summary = decoded();
    EXPECT_GT(summary.damaged_frames, 0);
    EXPECT_EQ(summary.stated_seconds, std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Formats, SpoiledFiles,
                         testing::Values("a.flac", "a.mp3", "a.m4a", "a.ogg", "a.opus", "a.webm", "a.mka"));

// Matroska is only read on from its next cluster, which such a short file does not have.
class TimedFiles : public DamagedFiles {};

TEST_P(TimedFiles, KeepTheTimesOfWhatComesAfter) {
    const auto middle = bytes_.begin() + static_cast<std::ptrdiff_t>(bytes_.size() / 2);
    std::fill(middle, middle + static_cast<std::ptrdiff_t>(bytes_.size() / 5), std::byte{0x55});
    test::write_file(file_, bytes_);
    const auto closed = test::decode(file_);
    const auto filled = test::decode(file_, {.fill_gaps = true});
    ASSERT_TRUE(closed.has_value() && filled.has_value());
    EXPECT_LT(closed->summary.duration_seconds, kSeconds - 0.5);
    EXPECT_NEAR(filled->summary.duration_seconds, kSeconds, 0.2);
    EXPECT_EQ(filled->summary.damaged_frames, closed->summary.damaged_frames);
}
INSTANTIATE_TEST_SUITE_P(Formats, TimedFiles, testing::Values("a.flac", "a.m4a", "a.ogg", "a.opus", "a.mp3", "a.aac"));

TEST(JoinedFiles, HaveNoSilenceForTheTagBetweenThem) {
    const test::TempFolder folder;
    test::encode(test::music(1, kSeconds), folder / "a.mp3");
    const test::Bytes one = test::read_file(folder / "a.mp3");
    test::Bytes joined = one;
    const std::string_view tag{"ID3\x04\0\0\0\x0c\0\0APIC", 14};  // 192 KB follow its head of ten bytes
    for (const char letter : tag) joined.push_back(static_cast<std::byte>(letter));
    joined.resize(one.size() + 10 + 0xc * 128 * 128, std::byte{0x55});
    joined.insert(joined.end(), one.begin(), one.end());
    test::write_file(folder / "joined.mp3", joined);
    const auto filled = test::decode(folder / "joined.mp3", {.fill_gaps = true});
    ASSERT_TRUE(filled.has_value()) << filled.error().message;
    EXPECT_NEAR(filled->summary.duration_seconds, 2 * kSeconds, 0.3);
}

/// The sizes that programs write into the header of a WAV file when they cannot know them.
TEST(StreamedWav, IsNotCutShort) {
    const test::TempFolder folder;
    for (const std::uint32_t size : {0xFFFFFFFFU, 0x7FFFFFFFU, 0x7FFFF000U, 0U}) {
        test::Bytes bytes = test::wav_bytes(test::music(1, 3));
        for (std::size_t i = 0; i < 4; ++i) {
            bytes[4 + i] = bytes[40 + i] = static_cast<std::byte>(size >> (8 * i));
        }
        test::write_file(folder / "a.wav", bytes);
        const auto decoded = test::decode(folder / "a.wav");
        ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
        EXPECT_NEAR(decoded->summary.duration_seconds, 3, 0.01) << size;
        EXPECT_EQ(decoded->summary.stated_seconds, std::nullopt) << size;
        EXPECT_EQ(decoded->summary.damaged_frames, 0) << size;
    }
}

}  // namespace
}  // namespace audio_ident::audio
