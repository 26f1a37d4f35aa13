#include "library/decode_clip.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>

#include "support/encode.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::library {
namespace {

/// Seconds that were decoded of a tone in Opus, whose packets make it a little longer.
Result<double> decoded_of_tone(int seconds) {
    const audio_ident::test::TempFolder folder;
    const auto file = folder / "tone.opus";
    audio_ident::test::run_ffmpeg({"-f", "lavfi", "-i", "sine=sample_rate=8000:duration=" + std::to_string(seconds),
                                   "-c:a", "libopus", "-b:a", "6k", file.string()});
    audio::DecodeOptions decode;
    decode.sample_rate_hz = 8000;
    decode.max_seconds = kMaxSeconds;
    std::size_t samples = 0;
    const auto decoded =
        decode_clip(*audio::make_ffmpeg_decoder(), file, decode, {.length = TooLong::refuse}, [&](auto block) {
            samples += block.size();
            return audio::Flow::proceed;
        });
    if (!decoded) return forward(decoded);
    return static_cast<double>(samples) / decode.sample_rate_hz;
}

TEST(DecodeClipTest, AClipOfExactlyTenMinutesIsTakenWhole) {
    const auto seconds = decoded_of_tone(600);
    ASSERT_TRUE(seconds) << seconds.error().message;
    EXPECT_NEAR(*seconds, 600, 0.2);
}

TEST(DecodeClipTest, ALongerOneIsRefused) {
    const auto seconds = decoded_of_tone(601);
    ASSERT_FALSE(seconds);
    EXPECT_EQ(seconds.error().reason, Reason::audio_too_long);
}

}  // namespace
}  // namespace audio_ident::library
