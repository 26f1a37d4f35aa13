#include "support/synth.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "support/encode.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::test {
namespace {

TEST(Synth, IsDeterministicBySeed) {
    EXPECT_EQ(music(7, 3).samples, music(7, 3).samples);
    EXPECT_EQ(noise(7, 1).samples, noise(7, 1).samples);
    EXPECT_NE(music(7, 3).samples, music(8, 3).samples);
    EXPECT_NE(noise(7, 1).samples, noise(8, 1).samples);
}

TEST(Synth, MusicIsAudibleAndDoesNotClip) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const Clip clip = music(seed, 10);
        EXPECT_EQ(clip.frames(), 441000U);
        EXPECT_GT(rms(clip.samples), 0.03);
        EXPECT_LT(*std::max_element(clip.samples.begin(), clip.samples.end()), 0.99F);
        EXPECT_GT(*std::min_element(clip.samples.begin(), clip.samples.end()), -0.99F);
    }
}

TEST(Synth, SamplesLieOnThe16BitGrid) {
    const Clip clip = music(1, 2);
    for (const float sample : clip.samples) ASSERT_EQ(sample * 32768.0F, std::round(sample * 32768.0F));
}

TEST(Synth, ALongerClipBeginsWithTheShorterOne) {
    const Clip longer = music(3, 8);
    const Clip shorter = music(3, 6);
    EXPECT_EQ(section(longer, 0, 6).samples, shorter.samples);
}

TEST(Clip, MixReachesTheSnrAskedFor) {
    const Clip signal = tone(440, 1, 16000, 0.1);
    const Clip mixed = mix_at_snr(signal, noise(1, 0.5, 16000), 10);
    Clip rest = mixed;
    for (std::size_t i = 0; i < rest.samples.size(); ++i) rest.samples[i] -= signal.samples[i];
    EXPECT_NEAR(20 * std::log10(rms(signal.samples) / rms(rest.samples)), 10, 0.1);
}

TEST(Encode, TheSameInputGivesTheSameBytes) {
    const TempFolder folder;
    const Clip clip = music(1, 1);
    encode(clip, folder / "a.ogg");
    encode(clip, folder / "b.ogg");
    EXPECT_EQ(read_file(folder / "a.ogg"), read_file(folder / "b.ogg"));
}

}  // namespace
}  // namespace audio_ident::test
