#include "library/cut_out.hpp"

#include <cmath>
#include <gtest/gtest.h>

#include "support/encode.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::library {
namespace {

namespace fs = std::filesystem;

class CutOutTest : public ::testing::Test {
  protected:
    /// Ten seconds of stereo in which the left channel says the time: sample / length.
    CutOutTest() {
        clip_.sample_rate_hz = 22050;
        clip_.channels = 2;
        for (int i = 0; i < kFrames; ++i) {
            clip_.samples.push_back(static_cast<float>(i) / kFrames);
            clip_.samples.push_back(-0.25F);
        }
        test::write_wav(recording_, clip_);
    }
    std::vector<float> samples_of(const fs::path& file) {
        std::vector<float> samples;
        audio::DecodeOptions options;
        options.sample_rate_hz = 22050;
        options.channels = audio::Channels::stereo;
        const auto decoded = decoder_->decode(file, options, [&](std::span<const float> block) {
            samples.insert(samples.end(), block.begin(), block.end());
            return audio::Flow::proceed;
        });
        EXPECT_TRUE(decoded) << decoded.error().message;
        return samples;
    }
    Result<void> cut(const Stretch& stretch) {
        return cut_out(*decoder_, recording_, stretch, target_, Deadline::never());
    }

    static constexpr int kFrames = 220'500;
    test::TempFolder folder_;
    test::Clip clip_;
    fs::path recording_ = folder_ / "recording.wav";
    fs::path target_ = folder_ / "cut.flac";
    std::unique_ptr<audio::Decoder> decoder_ = audio::make_ffmpeg_decoder();
};

TEST_F(CutOutTest, HasTheStretchAndItsTags) {
    ASSERT_TRUE(cut({2, 5.5, "Чужая 🎧", "Band & the", "Live"}));
    const auto samples = samples_of(target_);
    ASSERT_EQ(samples.size(), static_cast<std::size_t>(2 * 3.5 * 22050));
    EXPECT_NEAR(samples[0], 0.2, 1e-3);
    EXPECT_NEAR(samples[samples.size() - 2], 0.55, 1e-3);
    EXPECT_NEAR(samples[1], -0.25, 1e-3);
    const auto info = decoder_->probe(target_, Deadline::never());
    EXPECT_EQ(info->format, "flac");
    EXPECT_EQ(info->channels, 2);
    EXPECT_EQ(info->tags.title, "Чужая 🎧");
    EXPECT_EQ(info->tags.artist, "Band & the");
    EXPECT_EQ(info->tags.album, "Live");
}

TEST_F(CutOutTest, EndsWhereTheRecordingEnds) {
    ASSERT_TRUE(cut({9, 1e9, "End"}));
    EXPECT_EQ(samples_of(target_).size(), 2U * 22050);
}

TEST_F(CutOutTest, RefusesWhatIsNotThereAndLeavesNoFile) {
    for (const Stretch& stretch : {Stretch{10.5, 12, "x"}, Stretch{5, 5, "x"}, Stretch{-1, 5, "x"},
                                   Stretch{std::nan(""), 5, "x"}, Stretch{0, std::nan(""), "x"}}) {
        const auto refused = cut(stretch);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input);
        EXPECT_FALSE(fs::exists(target_));
    }
    fs::remove(recording_);
    EXPECT_EQ(cut({1, 5, "x"}).error().reason, Reason::file_not_found);
}

TEST_F(CutOutTest, SaysWhenTheFileCannotBeWritten) {
    target_ = folder_ / "none" / "cut.flac";
    EXPECT_EQ(cut({1, 5, "x"}).error().kind, ErrorKind::not_available);
    fs::create_symlink("/dev/full", target_ = folder_ / "full.flac");  // what fails is removed
    EXPECT_EQ(cut({1, 9, "x"}).error().kind, ErrorKind::not_available);
}

TEST(FileNameOf, IsOnePieceOfAPathThatPeopleRead) {
    EXPECT_EQ(file_name_of({0, 1, "Song", "Band"}), "Band - Song.flac");
    EXPECT_EQ(file_name_of({0, 1, "../a/b\n"}), "_a_b_.flac");
    EXPECT_EQ(file_name_of({0, 1, ".."}), "stretch.flac");
    std::string long_title;
    for (int i = 0; i < 500; ++i) long_title += "ы";
    const auto name = file_name_of({0, 1, long_title});
    EXPECT_LE(name.size(), 200U);
    EXPECT_TRUE(name.starts_with("ыы") && name.ends_with("ы.flac")) << name;
}

}  // namespace
}  // namespace audio_ident::library
