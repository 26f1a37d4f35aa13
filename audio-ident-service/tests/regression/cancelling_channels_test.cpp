#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "support/decode.hpp"
#include "support/encode.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

// A recording with one channel inverted gave silence or codec residue as its mono signal: nothing could find it, and as
// a clip it counted as empty.

namespace audio_ident::audio {
namespace {

using test::Clip;

Clip stereo(const Clip& left, const Clip& right) {
    return test::interleave(std::vector{left, right});
}

/// Decodes to mono at the source's rate.
std::vector<float> mono_of(const std::filesystem::path& file, int sample_rate_hz = 44100) {
    DecodeOptions options;
    options.sample_rate_hz = sample_rate_hz;
    const auto decoded = test::decode(file, options);
    EXPECT_TRUE(decoded.has_value()) << decoded.error().message;
    return decoded ? decoded->samples : std::vector<float>();
}

/// Correlation of two signals over [begin, end) seconds, ignoring the sign: 0 to 1.
double likeness(std::span<const float> a, std::span<const float> b, double begin = 0, double end = 1e9,
                int sample_rate_hz = 44100) {
    const auto count = std::min(a.size(), b.size());
    double aa = 0;
    double bb = 0;
    double ab = 0;
    for (auto i = static_cast<std::size_t>(begin * sample_rate_hz);
         i < count && static_cast<double>(i) < end * sample_rate_hz; ++i) {
        aa += a[i] * a[i];
        bb += b[i] * b[i];
        ab += a[i] * b[i];
    }
    return std::abs(ab) / std::sqrt(aa * bb + 1e-30);
}

TEST(CancellingChannels, AnInvertedChannelIsHeard) {
    const test::TempFolder folder;
    const Clip music = test::music(1, 4);
    for (const auto& [name, least] : {std::pair{"a.wav", 0.999}, {"a.flac", 0.999}, {"a.m4a", 0.9}, {"a.mp3", 0.9}}) {
        test::encode(stereo(music, test::amplify(music, -1)), folder / name);
        const auto mono = mono_of(folder / name);
        // Lossy decoders may begin some samples late.
        double best = 0;
        for (std::size_t delay = 0; delay <= 2112; delay += least > 0.99 ? 4000 : 1)
            best = std::max(best, likeness(std::span(mono).subspan(delay), music.samples, 0.5, 1.5));
        EXPECT_GT(best, least) << name;
        EXPECT_GT(test::rms(mono), 0.5 * test::rms(music.samples)) << name;
    }
}

TEST(CancellingChannels, TheLouderOfTwoMayChange) {
    const test::TempFolder folder;
    const Clip music = test::music(1, 6);
    Clip opposed = test::amplify(music, -1);
    const auto second = static_cast<std::size_t>(music.sample_rate_hz);
    for (std::size_t i = 0; i < opposed.samples.size(); ++i) opposed.samples[i] *= i / second % 2 == 0 ? 0.8F : 1.2F;
    test::write_wav(folder / "a.wav", stereo(music, opposed));
    EXPECT_GT(likeness(mono_of(folder / "a.wav"), music.samples), 0.99);
}

TEST(CancellingChannels, OrdinaryStereoKeepsItsPlainMean) {
    const test::TempFolder folder;
    const Clip left = test::music(1, 3);
    const Clip right = test::music(2, 3);
    const Clip clip = stereo(left, right);
    test::write_wav(folder / "a.wav", clip);
    const auto mean = test::to_mono(clip).samples;
    const auto mono = mono_of(folder / "a.wav");
    ASSERT_EQ(mono.size(), mean.size());
    for (std::size_t i = 0; i < mean.size(); ++i) ASSERT_EQ(mono[i], mean[i]) << i;
}

TEST(CancellingChannels, TheSizeOfFramesChangesNothing) {
    const test::TempFolder folder;
    const Clip music = test::music(3, 3);
    const Clip other = test::music(4, 3);
    const Clip parts[] = {stereo(music, other), stereo(other, test::amplify(other, -1)), stereo(music, music)};
    const Clip clip = test::concatenate(parts);
    test::encode(clip, folder / "a.wav");
    test::encode(clip, folder / "small.flac", {"-frame_size", "500"});
    test::encode(clip, folder / "large.flac", {"-frame_size", "9000"});
    const auto reference = mono_of(folder / "a.wav", 16000);
    EXPECT_EQ(mono_of(folder / "small.flac", 16000), reference);
    EXPECT_EQ(mono_of(folder / "large.flac", 16000), reference);
}

TEST(CancellingChannels, MusicThatTurnsRoundMidwayIsHeardThroughout) {
    const test::TempFolder folder;
    const Clip music = test::music(5, 12);
    const Clip halves[] = {stereo(test::section(music, 0, 6), test::section(music, 0, 6)),
                           stereo(test::section(music, 6, 6), test::amplify(test::section(music, 6, 6), -1))};
    test::write_wav(folder / "a.wav", test::concatenate(halves));
    const auto mono = mono_of(folder / "a.wav");
    EXPECT_GT(likeness(mono, music.samples, 0, 6), 0.99);
    EXPECT_GT(likeness(mono, music.samples, 7.5, 12), 0.99) << "within a second and a half of the change";
}

TEST(CancellingChannels, MusicInAnyChannelIsHeard) {
    const test::TempFolder folder;
    const Clip music = test::music(6, 4);
    const Clip none = test::silence(4);
    const Clip rear[] = {none, none, none, none, music, test::amplify(music, -1)};
    test::encode(test::interleave(rear), folder / "rear.flac");
    EXPECT_GT(likeness(mono_of(folder / "rear.flac"), music.samples), 0.99);
    test::write_wav(folder / "left.wav", stereo(music, none));
    EXPECT_GT(likeness(mono_of(folder / "left.wav"), music.samples), 0.99);
    test::write_wav(folder / "loud.wav", stereo(test::amplify(music, 0.02F), music));
    EXPECT_GT(likeness(mono_of(folder / "loud.wav"), music.samples), 0.99);
}

TEST(CancellingChannels, AWideMixKeepsItsMusic) {
    const test::TempFolder folder;
    const Clip music = test::music(7, 4);
    const Clip own = test::amplify(test::music(8, 4), 0.15F);  // the right channel's own sound
    Clip right = test::amplify(music, -0.9F);
    for (std::size_t i = 0; i < right.samples.size(); ++i) right.samples[i] += own.samples[i];
    test::write_wav(folder / "a.wav", stereo(music, right));
    EXPECT_GT(likeness(mono_of(folder / "a.wav"), music.samples), 0.98);
}

TEST(CancellingChannels, SilenceStaysSilence) {
    const test::TempFolder folder;
    test::write_wav(folder / "a.wav", test::silence(2, 44100, 2));
    for (const float sample : mono_of(folder / "a.wav")) ASSERT_EQ(sample, 0.0F);
}

}  // namespace
}  // namespace audio_ident::audio
