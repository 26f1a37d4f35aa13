#include <gtest/gtest.h>

#include "support/decode.hpp"
#include "support/encode.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

// The program decoded the first of several audio streams, even if it was a commentary or a language that nobody plays.

namespace audio_ident::audio {
namespace {

namespace fs = std::filesystem;

/// A file with a stream of a low tone, then one of a high tone; `options` say how they are marked.
fs::path two_streams(const test::TempFolder& folder, const std::string& name, const std::vector<std::string>& options) {
    test::write_wav(folder / "low.wav", test::tone(300, 3));
    test::write_wav(folder / "high.wav", test::tone(3000, 3));
    std::vector<std::string> arguments = {
        "-i", (folder / "low.wav").string(), "-i", (folder / "high.wav").string(), "-map", "0:a", "-map", "1:a"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back((folder / name).string());
    test::run_ffmpeg(arguments);
    return folder / name;
}

/// Zero crossings a second, up: the tone's frequency.
double frequency(const test::Decoded& decoded) {
    int crossings = 0;
    for (std::size_t i = 1; i < decoded.samples.size(); ++i)
        crossings += decoded.samples[i - 1] < 0 && decoded.samples[i] >= 0 ? 1 : 0;
    return crossings / decoded.summary.duration_seconds;
}

double decoded_frequency(const fs::path& file, std::optional<int> stream = {}) {
    DecodeOptions options;
    options.stream = stream;
    const auto decoded = test::decode(file, options);
    EXPECT_TRUE(decoded.has_value()) << decoded.error().message;
    return decoded ? frequency(*decoded) : 0;
}

TEST(SeveralAudioStreams, TheDefaultOneIsDecoded) {
    const test::TempFolder folder;
    const auto file = two_streams(folder, "a.mka", {"-disposition:a:0", "0", "-disposition:a:1", "default"});
    EXPECT_NEAR(decoded_frequency(file), 3000, 10);
    const auto decoded = test::decode(file);
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(decoded->summary.info.audio_streams, 2);
    EXPECT_EQ(decoded->summary.info.chosen_stream, 2);
}

TEST(SeveralAudioStreams, TheFirstOneIsDecodedWhereNoneIsMarked) {
    const test::TempFolder folder;
    EXPECT_NEAR(decoded_frequency(two_streams(folder, "a.mka", {"-disposition:a", "0"})), 300, 5);
    EXPECT_NEAR(decoded_frequency(two_streams(folder, "b.ts", {"-c:a", "mp2"})), 300, 30);
}

TEST(SeveralAudioStreams, ACommentaryIsNotPreferred) {
    const test::TempFolder folder;
    const auto file = two_streams(folder, "a.mka", {"-disposition:a:0", "comment+default", "-disposition:a:1", "0"});
    EXPECT_NEAR(decoded_frequency(file), 3000, 10);
}

TEST(SeveralAudioStreams, OneCanBeAskedFor) {
    const test::TempFolder folder;
    const auto file = two_streams(folder, "a.mp4", {"-c:a", "aac"});
    EXPECT_NEAR(decoded_frequency(file, 1), 300, 5);
    EXPECT_NEAR(decoded_frequency(file, 2), 3000, 30);
    DecodeOptions options;
    options.stream = 3;
    const auto decoded = test::decode(file, options);
    ASSERT_FALSE(decoded.has_value());
    EXPECT_EQ(decoded.error().kind, ErrorKind::invalid_input);
    EXPECT_NE(decoded.error().message.find("has 2 audio streams, so there is no stream 3"), std::string::npos)
        << decoded.error().message;
}

}  // namespace
}  // namespace audio_ident::audio
