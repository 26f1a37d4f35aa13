#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audio/decoder.hpp"
#include "support/decode.hpp"
#include "support/encode.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::audio {
namespace {

using test::Clip;
using test::decode;

/// Level of the difference from the reference, in dB. The lengths may differ by a few samples.
double error_db(const std::vector<float>& reference, const std::vector<float>& samples) {
    std::vector<float> difference(std::min(reference.size(), samples.size()));
    for (std::size_t i = 0; i < difference.size(); ++i) difference[i] = samples[i] - reference[i];
    return 20 * std::log10(test::rms(difference) / test::rms(reference) + 1e-9);
}

struct Encoding {
    const char* name;  ///< file name; its extension selects the container
    std::vector<std::string> options;
    const char* format;    ///< expected StreamInfo::format
    int frame_samples;     ///< allowed difference in duration
    double most_error_db;  ///< allowed level of the difference from the source
};

void PrintTo(const Encoding& encoding, std::ostream* out) {
    *out << encoding.name;
}

class EveryFormat : public testing::TestWithParam<Encoding> {};

TEST_P(EveryFormat, DecodesToTheSource) {
    const test::TempFolder folder;
    const Encoding& encoding = GetParam();
    // The two sides of the stereo clip differ, so that averaging them is tested.
    const Clip left = test::music(1, 4);
    const Clip right = test::amplify(test::music(2, 4), 0.5F);
    const Clip stereo = test::interleave(std::vector{left, right});
    test::encode(stereo, folder / encoding.name, encoding.options);
    test::write_wav(folder / "reference.wav", stereo);

    const auto reference = decode(folder / "reference.wav");
    const auto decoded = decode(folder / encoding.name);
    ASSERT_TRUE(reference.has_value());
    ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
    EXPECT_NEAR(decoded->summary.duration_seconds, 4, encoding.frame_samples / 44100.0);
    EXPECT_NEAR(static_cast<double>(decoded->samples.size()), 64000, encoding.frame_samples * 16 / 44.1 + 1);
    EXPECT_EQ(decoded->summary.samples, static_cast<std::int64_t>(decoded->samples.size()));
    EXPECT_EQ(decoded->summary.damaged_frames, 0);
    EXPECT_FALSE(decoded->summary.stopped_early);
    EXPECT_EQ(decoded->summary.info.format, encoding.format);
    EXPECT_EQ(decoded->summary.info.channels, 2);
    EXPECT_LT(error_db(reference->samples, decoded->samples), encoding.most_error_db);
}

INSTANTIATE_TEST_SUITE_P(Lossless, EveryFormat,
                         testing::Values(Encoding{"a.wav", {}, "wav", 0, -80},
                                         Encoding{"a24.wav", {"-c:a", "pcm_s24le"}, "wav", 0, -80},
                                         Encoding{"af.wav", {"-c:a", "pcm_f32le"}, "wav", 0, -80},
                                         Encoding{"ad.wav", {"-c:a", "pcm_f64le"}, "wav", 0, -80},
                                         Encoding{"a8.wav", {"-c:a", "pcm_u8"}, "wav", 0, -18},
                                         Encoding{"mulaw.wav", {"-c:a", "pcm_mulaw"}, "wav", 0, -25},
                                         Encoding{"adpcm.wav", {"-c:a", "adpcm_ms"}, "wav", 2048, -15},
                                         Encoding{"a.w64", {}, "w64", 0, -80}, Encoding{"a.aiff", {}, "aiff", 0, -80},
                                         Encoding{"a.au", {}, "au", 0, -80}, Encoding{"a.caf", {}, "caf", 0, -80},
                                         Encoding{"a.flac", {}, "flac", 0, -80},
                                         Encoding{"ogg.oga", {"-c:a", "flac"}, "flac", 0, -80},
                                         Encoding{"alac.m4a", {"-c:a", "alac"}, "alac", 0, -80},
                                         Encoding{"a.wv", {}, "wavpack", 0, -80}, Encoding{"a.tta", {}, "tta", 0, -80},
                                         Encoding{"pcm.mka", {"-c:a", "pcm_s16le"}, "matroska", 0, -80},
                                         Encoding{"pcm.mov", {"-c:a", "pcm_s16le"}, "mov", 0, -80}));

INSTANTIATE_TEST_SUITE_P(Lossy, EveryFormat,
                         testing::Values(Encoding{"a.mp3", {"-b:a", "192k"}, "mp3", 1152, -20},
                                         Encoding{"64k.mp3", {"-b:a", "64k"}, "mp3", 1152, -8},
                                         Encoding{"vbr.mp3", {"-q:a", "2"}, "mp3", 1152, -20},
                                         Encoding{"a.ogg", {"-c:a", "libvorbis", "-q:a", "8"}, "vorbis", 1024, -20},
                                         Encoding{"a.opus", {"-b:a", "160k"}, "opus", 960, -18},
                                         Encoding{"a.webm", {"-c:a", "libopus", "-b:a", "160k"}, "opus", 960, -18},
                                         Encoding{
                                             "vorbis.webm", {"-c:a", "libvorbis", "-q:a", "8"}, "vorbis", 1024, -20},
                                         Encoding{"a.m4a", {"-c:a", "aac", "-b:a", "256k"}, "aac", 1024, -20}));

// These containers do not state how much silence the encoder added at the start, so FFmpeg keeps it.
TEST(FfmpegDecoder, ReadsFormatsThatHideTheEncodersDelay) {
    const test::TempFolder folder;
    const Clip clip = test::music(1, 2, 32000);
    DecodeOptions options;
    options.sample_rate_hz = 32000;
    const std::vector<float> reference(clip.samples.begin(), clip.samples.begin() + 8000);
    // FFmpeg's WMA encoder is poor, but the result is still far from any other signal.
    for (const auto& [name, most_error_db] :
         {std::pair{"a.wma", -2.0}, {"a.ac3", -12.0}, {"a.aac", -12.0}, {"a.mp2", -12.0}}) {
        test::encode(clip, folder / name, {"-b:a", "192k"});
        const auto decoded = decode(folder / name, options);
        ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
        double best = 0;
        for (int delay = 0; delay <= 2048; ++delay) {
            const auto begin = decoded->samples.begin() + delay;
            best = std::min(best, error_db(reference, std::vector<float>(begin, begin + 8000)));
        }
        EXPECT_LT(best, most_error_db) << name;
        EXPECT_NEAR(decoded->summary.duration_seconds, 2, 2 * 2048 / 32000.0) << name;
    }
}

// What a browser's MediaRecorder sends: WebM written during recording, without duration or index.
TEST(FfmpegDecoder, ReadsWebmWithoutDuration) {
    const test::TempFolder folder;
    test::encode(test::music(1, 3), folder / "a.webm", {"-c:a", "libopus", "-f", "webm", "-live", "1"});
    const auto decoded = decode(folder / "a.webm");
    ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
    EXPECT_FALSE(decoded->summary.info.duration_seconds.has_value());
    EXPECT_NEAR(decoded->summary.duration_seconds, 3, 0.025);
}

TEST(FfmpegDecoder, ABufferDecodesLikeAFile) {
    const test::TempFolder folder;
    test::encode(test::music(1, 3), folder / "a.mp3");
    const test::Bytes bytes = test::read_file(folder / "a.mp3");
    const auto from_file = decode(folder / "a.mp3");
    const auto from_buffer = decode(std::span<const std::byte>(bytes));
    ASSERT_TRUE(from_file.has_value());
    ASSERT_TRUE(from_buffer.has_value());
    EXPECT_EQ(from_file->samples, from_buffer->samples);
}

// These files contain the same samples in packets of different sizes.
TEST(FfmpegDecoder, SamplesDoNotDependOnHowTheFileIsCutIntoPackets) {
    const test::TempFolder folder;
    const Clip clip = test::music(5, 5);
    test::write_wav(folder / "a.wav", clip);
    test::encode(clip, folder / "small.flac", {"-frame_size", "192"});
    test::encode(clip, folder / "large.flac", {"-frame_size", "16384"});
    test::encode(clip, folder / "a.tta");
    const auto wav = decode(folder / "a.wav");
    ASSERT_TRUE(wav.has_value());
    EXPECT_EQ(wav->samples.size(), 80000U);
    for (const char* name : {"small.flac", "large.flac", "a.tta"}) {
        const auto other = decode(folder / name);
        ASSERT_TRUE(other.has_value()) << other.error().message;
        EXPECT_EQ(other->samples, wav->samples) << name;
    }
}

TEST(FfmpegDecoder, HandsSamplesOverUnchangedAtTheRateOfTheSource) {
    const Clip clip = test::music(5, 2, 16000);
    const test::Bytes wav = test::wav_bytes(clip);
    const auto decoded = decode(std::span<const std::byte>(wav));
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(decoded->samples, clip.samples);
}

TEST(FfmpegDecoder, ResamplingNeitherShiftsNorColours) {
    for (const int rate : {8000, 11025, 22050, 32000, 44056, 44100, 48000, 96000, 192000}) {
        const Clip source = test::tone(1000, 1, rate);
        const Clip wanted = test::tone(1000, 1, 16000);
        const test::Bytes wav = test::wav_bytes(source);
        const auto decoded = decode(std::span<const std::byte>(wav));
        ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
        ASSERT_EQ(decoded->samples.size(), 16000U) << rate;
        const auto middle = [](const std::vector<float>& s) { return std::vector(s.begin() + 2000, s.end() - 2000); };
        EXPECT_LT(error_db(middle(wanted.samples), middle(decoded->samples)), -75) << rate;
    }
}

TEST(FfmpegDecoder, ResamplingRemovesWhatTheRateCannotHold) {
    const test::Bytes wav = test::wav_bytes(test::tone(10500, 1, 44100));
    const auto decoded = decode(std::span<const std::byte>(wav));
    ASSERT_TRUE(decoded.has_value());
    const std::span<const float> middle(decoded->samples.data() + 2000, 12000);
    EXPECT_LT(20 * std::log10(test::rms(middle)), -80);
}

TEST(FfmpegDecoder, AveragesAnyNumberOfChannels) {
    for (const int channels : {1, 2, 3, 5, 6, 8, 11, 24}) {
        std::vector<Clip> parts;
        for (int c = 0; c < channels; ++c) parts.push_back(test::noise(static_cast<std::uint64_t>(c), 0.25, 16000));
        const Clip clip = test::interleave(parts);
        const test::Bytes wav = test::wav_bytes(clip);
        const auto decoded = decode(std::span<const std::byte>(wav));
        ASSERT_TRUE(decoded.has_value()) << channels << ": " << decoded.error().message;
        EXPECT_EQ(decoded->summary.info.channels, channels);
        EXPECT_LT(error_db(test::to_mono(clip).samples, decoded->samples), -100) << channels;
    }
}

TEST(FfmpegDecoder, StereoKeepsTheSidesApart) {
    const Clip left = test::noise(1, 0.25, 16000);
    const Clip right = test::noise(2, 0.25, 16000);
    for (const auto& parts : {std::vector{left}, std::vector{left, right}}) {
        const test::Bytes wav = test::wav_bytes(test::interleave(parts));
        const auto decoded = decode(std::span<const std::byte>(wav), {16000, {}, {}, Channels::stereo});
        ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
        EXPECT_EQ(decoded->summary.samples, 4000);
        ASSERT_EQ(decoded->samples.size(), 8000U);
        std::vector<float> sides[2];
        for (std::size_t i = 0; i < decoded->samples.size(); ++i) sides[i % 2].push_back(decoded->samples[i]);
        EXPECT_LT(error_db(parts.front().samples, sides[0]), -80);
        EXPECT_LT(error_db(parts.back().samples, sides[1]), -80);
    }
    const test::Bytes six = test::wav_bytes(test::interleave(std::vector<Clip>(6, left)));
    const auto decoded = decode(std::span<const std::byte>(six), {48000, 0.1, {}, Channels::stereo});
    ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
    EXPECT_EQ(decoded->samples.size(), 2 * 4800U) << "the limit is in seconds, at any rate";
}

TEST(FfmpegDecoder, StopsAfterTheSecondsAskedFor) {
    const test::Bytes wav = test::wav_bytes(test::music(1, 5));
    DecodeOptions options;
    options.max_seconds = 1.5;
    const auto decoded = decode(std::span<const std::byte>(wav), options);
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(decoded->samples.size(), 24000U);
    EXPECT_TRUE(decoded->summary.stopped_early);
}

TEST(FfmpegDecoder, BeginsWhereAsked) {
    const test::TempFolder folder;
    const Clip clip = test::music(1, 6);
    const std::pair<const char*, std::vector<std::string>> files[] = {
        {"a.flac", {}},
        {"vbr.mp3", {"-q:a", "2", "-write_xing", "0"}},
        {"a.opus", {"-b:a", "160k"}},
        {"a.m4a", {"-c:a", "aac", "-b:a", "256k"}},
        {"live.webm", {"-c:a", "libopus", "-b:a", "160k", "-f", "webm", "-live", "1"}}};
    for (const auto& [name, encoding] : files) {
        test::encode(clip, folder / name, encoding);
        const auto whole = decode(folder / name);
        const auto part = decode(folder / name, {.begin_seconds = 4.25});
        ASSERT_TRUE(part.has_value()) << name << ": " << part.error().message;
        const bool in_milliseconds = std::string_view(name) == "live.webm";
        const double missing = double(whole->samples.size()) - 4.25 * 16000 - double(part->samples.size());
        EXPECT_NEAR(missing, 0, in_milliseconds ? 24 : 2) << name;
        if (in_milliseconds) continue;
        const std::vector<float> expected(whole->samples.begin() + 70'000, whole->samples.begin() + 90'000);
        const std::vector<float> given(part->samples.begin() + 2000, part->samples.begin() + 22'000);
        EXPECT_LT(error_db(expected, given), -12) << name << ": half a sample at most";
    }
    const auto after = decode(folder / "a.flac", {.begin_seconds = 7});
    ASSERT_TRUE(after.has_value()) << after.error().message;
    EXPECT_TRUE(after->samples.empty());
}

TEST(FfmpegDecoder, DecodesNothingWhereTheContainerClaimsTooMuch) {
    const test::Bytes wav = test::wav_bytes(test::music(1, 5));
    DecodeOptions options;
    options.max_claimed_seconds = 4.9;
    const auto refused = decode(std::span<const std::byte>(wav), options);
    ASSERT_TRUE(refused.has_value()) << refused.error().message;
    EXPECT_TRUE(refused->samples.empty());
    EXPECT_TRUE(refused->summary.stopped_early);
    EXPECT_EQ(refused->summary.info.duration_seconds, 5);

    options.max_claimed_seconds = 5;
    const auto whole = decode(std::span<const std::byte>(wav), options);
    ASSERT_TRUE(whole.has_value()) << whole.error().message;
    EXPECT_FALSE(whole->summary.stopped_early);
}

TEST(FfmpegDecoder, StopsWhenTheSinkHasEnough) {
    const test::Bytes wav = test::wav_bytes(test::music(1, 5));
    int calls = 0;
    const auto summary = make_ffmpeg_decoder()->decode(std::span<const std::byte>(wav), {}, [&](auto) {
        ++calls;
        return Flow::stop;
    });
    ASSERT_TRUE(summary.has_value());
    EXPECT_EQ(calls, 1);
    EXPECT_TRUE(summary->stopped_early);
    EXPECT_LT(summary->duration_seconds, 1);
}

TEST(FfmpegDecoder, EndsAtTheDeadline) {
    const test::Bytes wav = test::wav_bytes(test::music(1, 5));
    const Source source = std::span<const std::byte>(wav);
    DecodeOptions options;
    options.deadline = Deadline::after(std::chrono::seconds(-1));
    const auto late = decode(source, options);
    ASSERT_FALSE(late.has_value());
    EXPECT_EQ(late.error().kind, ErrorKind::timeout);

    // Request the stop in the middle of the decode.
    std::stop_source stop;
    options.deadline = Deadline::never(stop.get_token());
    const auto stopped = make_ffmpeg_decoder()->decode(source, options, [&](auto) {
        stop.request_stop();
        return Flow::proceed;
    });
    ASSERT_FALSE(stopped.has_value());
    EXPECT_EQ(stopped.error().kind, ErrorKind::timeout);
}

TEST(FfmpegDecoder, ProbeReadsTheHeadersOnly) {
    const test::TempFolder folder;
    test::encode(test::music(1, 3), folder / "a.flac", {"-metadata", "title=Blue"});
    const auto info = make_ffmpeg_decoder()->probe(folder / "a.flac", {});
    ASSERT_TRUE(info.has_value()) << info.error().message;
    EXPECT_EQ(info->format, "flac");
    EXPECT_EQ(info->sample_rate_hz, 44100);
    EXPECT_EQ(info->channels, 1);
    EXPECT_EQ(info->tags.title, "Blue");
    EXPECT_NEAR(info->duration_seconds.value_or(0), 3, 1e-6);
}

}  // namespace
}  // namespace audio_ident::audio
