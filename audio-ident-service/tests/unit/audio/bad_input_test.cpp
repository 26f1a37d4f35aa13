#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "audio/decoder.hpp"
#include "support/decode.hpp"
#include "support/encode.hpp"
#include "support/heap.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::audio {
namespace {

using namespace std::string_literals;
using test::Bytes;
using test::Clip;
using test::decode;
using testing::HasSubstr;

Result<test::Decoded> decode_bytes(const Bytes& bytes) {
    return decode(std::span<const std::byte>(bytes));
}

void put(Bytes& bytes, std::size_t at, std::uint32_t value, int count) {
    for (int i = 0; i < count; ++i) bytes[at + static_cast<std::size_t>(i)] = static_cast<std::byte>(value >> (8 * i));
}

class BadInput : public testing::Test {
  protected:
    /// Expects this failure, with the file's name in the message.
    void expect_failure(const std::filesystem::path& path, ErrorKind kind, const std::string& words) {
        const auto decoded = decode(path);
        ASSERT_FALSE(decoded.has_value()) << path;
        EXPECT_EQ(to_string(decoded.error().kind), to_string(kind)) << decoded.error().message;
        EXPECT_THAT(decoded.error().message, HasSubstr(words));
        EXPECT_THAT(decoded.error().message, HasSubstr(path.filename().string()));
        const auto info = make_ffmpeg_decoder()->probe(path, {});
        if (!info) {
            EXPECT_EQ(info.error(), decoded.error());
        }
    }

    test::TempFolder folder_;
};

TEST_F(BadInput, Empty) {
    test::write_file(folder_ / "a.mp3", ""s);
    expect_failure(folder_ / "a.mp3", ErrorKind::invalid_input, "is empty");
    const auto buffer = decode_bytes({});
    ASSERT_FALSE(buffer.has_value());
    EXPECT_EQ(buffer.error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(buffer.error().message, HasSubstr("is empty"));
}

TEST_F(BadInput, Missing) {
    expect_failure(folder_ / "a.mp3", ErrorKind::not_available, "no such file");
}

TEST_F(BadInput, Folder) {
    std::filesystem::create_directory(folder_ / "a.mp3");
    expect_failure(folder_ / "a.mp3", ErrorKind::invalid_input, "is a folder");
}

TEST_F(BadInput, PipeAndDevice) {
    ASSERT_EQ(::mkfifo((folder_ / "pipe.wav").c_str(), 0600), 0);
    expect_failure(folder_ / "pipe.wav", ErrorKind::invalid_input, "is a named pipe");
    expect_failure("/dev/zero", ErrorKind::invalid_input, "is a device");
}

TEST_F(BadInput, LinkLoop) {
    std::filesystem::create_symlink(folder_ / "b.mp3", folder_ / "a.mp3");
    std::filesystem::create_symlink(folder_ / "a.mp3", folder_ / "b.mp3");
    expect_failure(folder_ / "a.mp3", ErrorKind::not_available, "form a loop");
}

TEST_F(BadInput, Unreadable) {
    const std::filesystem::path path = folder_ / "a.wav";
    test::write_wav(path, test::music(1, 1));
    std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
    std::filesystem::permissions(path, std::filesystem::perms(0000));
    // Root may read everything, so the child switches to another user.
    const auto child = [&] {
        if (::geteuid() == 0 && ::setuid(65534) != 0) std::_Exit(2);
        const auto decoded = decode(path);
        const bool is_right = !decoded && decoded.error().kind == ErrorKind::not_available &&
                              decoded.error().message.find("permission denied") != std::string::npos;
        std::_Exit(is_right ? 0 : 1);
    };
    EXPECT_EXIT(child(), testing::ExitedWithCode(0), "");
}

TEST_F(BadInput, TextNamedMp3) {
    const std::pair<const char*, std::string> texts[] = {
        {"prose.mp3", "It was a bright cold day in April, and the clocks were striking thirteen.\n"},
        {"short.mp3", "a"},
        {"umlauts.mp3", "Ärger über Öl\n"},
        {"long.mp3",
         [] {
             std::string text;
             for (int i = 0; i < 20000; ++i) text += "line " + std::to_string(i) + " of a long text\r\n";
             return text;
         }()},
        {"page.mp3", "<!DOCTYPE html><html><head><title>404</title></head><body>Not found</body></html>"},
        {"table.mp3", "artist,title\nJoni,Blue\n"},
        {"list.mp3", "#EXTM3U\n#EXTINF:123,Joni - Blue\nblue.mp3\n"},
        {"subtitles.mp3", "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nAgain\n"},
        {"lyrics.mp3", "[ti:Blue]\n[00:01.00]Songs are like tattoos\n[00:05.00]You know I've been to sea before\n"},
    };
    for (const auto& [name, text] : texts) {
        test::write_file(folder_ / name, text);
        expect_failure(folder_ / name, ErrorKind::unsupported, "not audio: the file is text");
    }
}

// Such files could make the library read other files or addresses, or play for ever.
TEST_F(BadInput, ListsAndScriptsAreRefused) {
    test::write_wav(folder_ / "secret.wav", test::music(1, 1));
    const std::string secret = (folder_ / "secret.wav").string();
    const std::pair<const char*, std::string> scripts[] = {
        {"concat.mp3", "ffconcat version 1.0\nfile '" + secret + "'\n"},
        {"hls.mp3", "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXT-X-VERSION:3\n#EXTINF:5,\n" + secret + "\n#EXT-X-ENDLIST\n"},
        {"dash.mp3",
         "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" "
         "profiles=\"urn:mpeg:dash:profile:isoff-main:2011\"><Period><AdaptationSet mimeType=\"audio/wav\">"
         "<Representation id=\"1\"><BaseURL>" +
             secret +
             "</BaseURL></Representation></AdaptationSet>"
             "</Period></MPD>"},
        {"session.mp3", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n"},
        {"beats.mp3", "-SE\nall: pink/40 100+1.5/10 200-4.0/30\nNOW all\n"},
    };
    for (const auto& [name, text] : scripts) {
        test::write_file(folder_ / name, text);
        expect_failure(folder_ / name, ErrorKind::unsupported, "not audio: the file is");
    }
}

TEST_F(BadInput, NoKnownFormat) {
    test::Bytes bytes(50000);
    std::uint32_t state = 1;
    for (std::byte& byte : bytes) byte = static_cast<std::byte>((state = state * 1664525 + 1013904223) >> 24);
    test::write_file(folder_ / "a.mp3", bytes);
    const auto decoded = decode(folder_ / "a.mp3");
    ASSERT_FALSE(decoded.has_value());
    EXPECT_THAT(to_string(decoded.error().kind), testing::AnyOf("unsupported", "corrupt"));
}

TEST_F(BadInput, VideoWithoutSound) {
    test::run_ffmpeg({"-f", "lavfi", "-i", "testsrc=d=1:s=64x64", (folder_ / "a.mp4").string()});
    expect_failure(folder_ / "a.mp4", ErrorKind::invalid_input, "no audio stream");
    test::run_ffmpeg({"-f", "lavfi", "-i", "testsrc=d=1:s=64x64", "-frames:v", "1", (folder_ / "a.png").string()});
    expect_failure(folder_ / "a.png", ErrorKind::invalid_input, "no audio stream");
}

TEST_F(BadInput, VideoWithSoundGivesTheSound) {
    test::write_wav(folder_ / "a.wav", test::music(1, 2));
    for (const char* name : {"a.mp4", "a.webm", "a.mkv", "a.avi", "a.ts"}) {
        test::run_ffmpeg({"-f", "lavfi", "-i", "testsrc=d=2:s=64x64:r=10", "-i", (folder_ / "a.wav").string(),
                          (folder_ / name).string()});
        const auto decoded = decode(folder_ / name);
        ASSERT_TRUE(decoded.has_value()) << name << decoded.error().message;
        EXPECT_NEAR(decoded->summary.duration_seconds, 2, 0.08) << name;
    }
}

TEST_F(BadInput, WrongExtension) {
    test::encode(test::music(1, 1), folder_ / "a.flac");
    std::filesystem::rename(folder_ / "a.flac", folder_ / "a.mp3");
    const auto decoded = decode(folder_ / "a.mp3");
    ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
    EXPECT_EQ(decoded->summary.info.format, "flac");
    EXPECT_EQ(decoded->samples.size(), 16000U);
}

TEST_F(BadInput, NamesOfAnyBytes) {
    const Bytes wav = test::wav_bytes(test::music(1, 1));
    for (const std::string name : {"new\nline.wav", "invalid\xFF\xC0utf8.wav", "http:%41?x=y#z.wav", "concat:a|b.wav",
                                   "-i.wav", "pipe:0", "%03d.wav", "\x1B[31mred.wav"}) {
        test::write_file(folder_ / name, wav);
        EXPECT_TRUE(decode(folder_ / name).has_value()) << name;
    }
    // A message stays one line of UTF-8 without escape sequences for a terminal.
    const auto failed = decode(folder_ / "no\nsuch\xFF\x1B.wav");
    ASSERT_FALSE(failed.has_value());
    EXPECT_THAT(failed.error().message, HasSubstr("no\\x0Asuch\\xFF\\x1B.wav"));
}

TEST_F(BadInput, OneSample) {
    const auto wav = decode_bytes(test::wav_bytes(Clip{44100, 1, {0.5F}}));
    ASSERT_TRUE(wav.has_value()) << wav.error().message;
    EXPECT_DOUBLE_EQ(wav->summary.duration_seconds, 1 / 44100.0);
    EXPECT_EQ(wav->samples.size(), 1U);
    test::encode(Clip{16000, 1, {0.5F}}, folder_ / "a.flac");
    const auto flac = decode(folder_ / "a.flac");
    ASSERT_TRUE(flac.has_value()) << flac.error().message;
    EXPECT_THAT(flac->samples, testing::ElementsAre(0.5F));
}

TEST_F(BadInput, NoSamples) {
    test::write_wav(folder_ / "a.wav", Clip{44100, 1, {}});
    expect_failure(folder_ / "a.wav", ErrorKind::invalid_input, "no audio samples");
}

TEST_F(BadInput, SilenceIsAudio) {
    const auto decoded = decode_bytes(test::wav_bytes(test::silence(1)));
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(decoded->samples, std::vector<float>(16000));
}

TEST_F(BadInput, TruncatedFilesDecodeAsFarAsTheyGo) {
    for (const char* name : {"a.mp3", "a.flac", "a.ogg", "a.opus", "a.wav", "a.aiff", "a.webm", "a.wma", "a.aac"}) {
        test::encode(test::music(1, 6), folder_ / name);
        Bytes bytes = test::read_file(folder_ / name);
        bytes.resize(bytes.size() / 2);
        const auto decoded = decode_bytes(bytes);
        ASSERT_TRUE(decoded.has_value()) << name << ": " << decoded.error().message;
        EXPECT_NEAR(decoded->summary.duration_seconds, 3, 1.1) << name;  // An Ogg page holds one second.
    }
}

TEST_F(BadInput, EveryCutFailsCleanlyOrGivesLess) {
    for (const char* name : {"a.mp3", "a.flac", "a.ogg", "a.opus", "a.wav", "a.aiff", "a.webm", "a.wma", "a.m4a"}) {
        test::encode(test::music(1, 1), folder_ / name, {"-metadata", "title=Blue"});
        const Bytes whole = test::read_file(folder_ / name);
        for (std::size_t size = 1; size < whole.size(); size += 1 + size / 7) {
            const auto decoded = decode_bytes(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
            if (decoded) {
                EXPECT_LE(decoded->summary.duration_seconds, 1.2) << name << ' ' << size;
            } else {
                EXPECT_NE(decoded.error().kind, ErrorKind::internal) << name << ' ' << size << decoded.error().message;
            }
        }
    }
}

TEST_F(BadInput, TheHeaderAtTheEndIsCutOff) {
    test::encode(test::music(1, 3), folder_ / "whole.m4a");
    Bytes bytes = test::read_file(folder_ / "whole.m4a");
    bytes.resize(bytes.size() / 2);
    test::write_file(folder_ / "a.m4a", bytes);
    expect_failure(folder_ / "a.m4a", ErrorKind::corrupt, "moov atom not found");
}

TEST_F(BadInput, DamagedFramesAreSkippedAndCounted) {
    for (const char* name : {"a.mp3", "a.flac", "a.m4a", "a.ac3", "a.ogg", "a.opus", "a.webm"}) {
        test::encode(test::music(1, 6), folder_ / name, {"-movflags", "+faststart"});
        Bytes bytes = test::read_file(folder_ / name);
        const auto middle = bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2);
        std::fill(middle, middle + static_cast<std::ptrdiff_t>(bytes.size() / 10), std::byte{0x55});
        testing::internal::CaptureStderr();
        const auto decoded = decode_bytes(bytes);
        EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << name;
        ASSERT_TRUE(decoded.has_value()) << name << ": " << decoded.error().message;
        EXPECT_GT(decoded->summary.damaged_frames, 0) << name;
        EXPECT_GT(decoded->summary.duration_seconds, 3) << name;
        EXPECT_LT(decoded->summary.duration_seconds, 6) << name;
    }
}

TEST_F(BadInput, NothingDecodes) {
    test::encode(test::music(1, 3), folder_ / "whole.m4a", {"-movflags", "+faststart"});
    Bytes bytes = test::read_file(folder_ / "whole.m4a");
    const std::string mdat = "mdat";
    const auto data = std::search(bytes.begin(), bytes.end(), mdat.begin(), mdat.end(),
                                  [](std::byte b, char c) { return b == static_cast<std::byte>(c); });
    ASSERT_NE(data, bytes.end());
    std::fill(data + 4, bytes.end(), std::byte{0xFF});
    test::write_file(folder_ / "a.m4a", bytes);
    expect_failure(folder_ / "a.m4a", ErrorKind::corrupt, "no part of it could be decoded");
}

TEST_F(BadInput, TheRateAndChannelsMayChangeOnTheWay) {
    const Clip first = test::interleave(std::vector{test::tone(1000, 2, 44100), test::tone(1000, 2, 44100)});
    const Clip second = test::tone(1000, 2, 22050);
    for (const char* name : {"mp3", "ogg", "aac", "opus"}) {
        test::encode(first, folder_ / ("1."s + name), {"-id3v2_version", "0", "-write_xing", "0"});
        test::encode(second, folder_ / ("2."s + name), {"-id3v2_version", "0", "-write_xing", "0"});
        Bytes both = test::read_file(folder_ / ("1."s + name));
        const Bytes more = test::read_file(folder_ / ("2."s + name));
        both.insert(both.end(), more.begin(), more.end());
        const auto decoded = decode_bytes(both);
        ASSERT_TRUE(decoded.has_value()) << name << ": " << decoded.error().message;
        EXPECT_NEAR(decoded->summary.duration_seconds, 4, 0.25) << name;
        EXPECT_NEAR(static_cast<double>(decoded->samples.size()), decoded->summary.duration_seconds * 16000, 3) << name;
        // The tone keeps its pitch: 125 cycles in 2000 samples.
        for (const std::size_t at : {16000U, 48000U}) {
            int rises = 0;
            for (std::size_t i = at; i < at + 2000; ++i)
                rises += decoded->samples[i - 1] < 0 && decoded->samples[i] >= 0;
            EXPECT_NEAR(rises, 125, 1) << name << " at " << at;
        }
    }
}

class LyingHeader : public testing::Test {
  protected:
    // Offsets of the fields in a WAV file.
    static constexpr std::size_t kRiffSize = 4, kFormat = 20, kChannels = 22, kRate = 24, kBlock = 32, kBits = 34,
                                 kDataSize = 40;

    static Bytes wav() { return test::wav_bytes(test::music(1, 1)); }

    /// Whatever the result, decoding must need little memory.
    static Result<test::Decoded> decode_with_little_memory(const Bytes& bytes) {
        const std::size_t before = test::live_heap_bytes();
        std::size_t most = 0;
        std::int64_t samples = 0;
        DecodeOptions options;
        options.deadline = Deadline::after(std::chrono::seconds(60));
        test::Decoded decoded;
        const auto summary = make_ffmpeg_decoder()->decode(std::span<const std::byte>(bytes), options, [&](auto block) {
            most = std::max(most, test::live_heap_bytes());
            samples += static_cast<std::int64_t>(block.size());
            return Flow::proceed;
        });
        EXPECT_LT(most, before + (64U << 20));
        EXPECT_LT(samples, 100'000'000);
        if (!summary) {
            EXPECT_NE(summary.error().kind, ErrorKind::internal) << summary.error().message;
            EXPECT_NE(summary.error().kind, ErrorKind::timeout);
            return forward(summary);
        }
        decoded.summary = *summary;
        return decoded;
    }
};

TEST_F(LyingHeader, DataSizeOfAWav) {
    for (const std::uint32_t size : {0U, 0x7FFFFFFFU, 0xFFFFFFFEU, 0xFFFFFFFFU}) {
        Bytes bytes = wav();
        put(bytes, kDataSize, size, 4);
        put(bytes, kRiffSize, size, 4);
        const auto decoded = decode_with_little_memory(bytes);
        ASSERT_TRUE(decoded.has_value()) << size << decoded.error().message;
        EXPECT_DOUBLE_EQ(decoded->summary.duration_seconds, 1) << size;
    }
}

TEST_F(LyingHeader, SampleRateOfAWav) {
    for (const std::uint32_t rate : {0U, 1U, 999U, 1'600'000U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
        Bytes bytes = wav();
        put(bytes, kRate, rate, 4);
        EXPECT_FALSE(decode_with_little_memory(bytes).has_value()) << rate;
    }
    for (const std::uint32_t rate : {1000U, 7919U, 767'999U, 1'535'999U}) {
        Bytes bytes = wav();
        put(bytes, kRate, rate, 4);
        const auto decoded = decode_with_little_memory(bytes);
        ASSERT_TRUE(decoded.has_value()) << rate << decoded.error().message;
        EXPECT_DOUBLE_EQ(decoded->summary.duration_seconds, 44100.0 / rate);
    }
}

TEST_F(LyingHeader, ChannelsAndSampleSizeOfAWav) {
    for (const std::size_t field : {kChannels, kBlock, kBits, kFormat}) {
        for (const std::uint32_t value : {0U, 3U, 255U, 512U, 0x7FFFU, 0xFFFFU}) {
            Bytes bytes = wav();
            put(bytes, field, value, 2);
            decode_with_little_memory(bytes);
        }
    }
}

TEST_F(LyingHeader, TotalSamplesOfAFlac) {
    const test::TempFolder folder;
    test::encode(test::music(1, 1), folder / "a.flac");
    Bytes bytes = test::read_file(folder / "a.flac");
    // STREAMINFO's 36-bit number of samples, and the block sizes.
    bytes[21] |= std::byte{0x0F};
    for (std::size_t i = 22; i < 26; ++i) bytes[i] = std::byte{0xFF};
    const auto decoded = decode_with_little_memory(bytes);
    ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
    EXPECT_DOUBLE_EQ(decoded->summary.duration_seconds, 1);
}

TEST_F(LyingHeader, TablesOfAnM4a) {
    const test::TempFolder folder;
    test::encode(test::music(1, 1), folder / "a.m4a", {"-movflags", "+faststart"});
    const Bytes whole = test::read_file(folder / "a.m4a");
    for (const std::string box : {"stsz", "stts", "stsc", "stco", "elst", "mdhd"}) {
        const auto name = std::search(whole.begin(), whole.end(), box.begin(), box.end(),
                                      [](std::byte b, char c) { return b == static_cast<std::byte>(c); });
        ASSERT_NE(name, whole.end()) << box;
        const auto at = static_cast<std::size_t>(name - whole.begin());
        // The counts and sizes that follow the box's name, version and flags.
        for (std::size_t field = at + 8; field < at + 24; field += 4) {
            for (const std::uint32_t high : {0x00U, 0x0FU, 0x7FU, 0xFFU}) {
                Bytes bytes = whole;
                put(bytes, field, 0xFFFFFF00U | high, 4);
                decode_with_little_memory(bytes);
                put(bytes, field == at + 8 ? field + 4 : at + 8, 0x01000000U, 4);
                decode_with_little_memory(bytes);
            }
        }
    }
}

// One wrong bit or byte anywhere in the first kilobyte, which contains all headers.
TEST_F(LyingHeader, AnyByteOfAnyHeader) {
    const test::TempFolder folder;
    for (const char* name : {"a.mp3", "a.flac", "a.ogg", "a.opus", "a.aiff", "a.webm", "a.wma", "a.m4a", "a.caf"}) {
        test::encode(test::music(1, 0.3), folder / name, {"-movflags", "+faststart"});
        const Bytes whole = test::read_file(folder / name);
        for (std::size_t at = 0; at < std::min<std::size_t>(whole.size(), 1024); at += 5) {
            Bytes bytes = whole;
            bytes[at] = at % 2 == 0 ? std::byte{0xFF} : bytes[at] ^ std::byte{0x80};
            decode_with_little_memory(bytes);
        }
    }
}

// A WAV file of ten hours that is almost entirely a hole.
TEST(LongFile, TenHoursNeedLittleMemory) {
    const test::TempFolder folder;
    constexpr std::uint32_t kDataBytes = 10U * 3600 * 8000 * 2;
    Bytes header = test::wav_bytes(Clip{8000, 1, {0.5F}});
    put(header, 40, kDataBytes, 4);
    put(header, 4, 36 + kDataBytes, 4);
    test::write_file(folder / "a.wav", header);
    std::filesystem::resize_file(folder / "a.wav", 44 + std::uintmax_t{kDataBytes});

    DecodeOptions options;
    options.sample_rate_hz = 8000;
    const std::size_t before = test::live_heap_bytes();
    std::size_t most = 0;
    std::int64_t blocks = 0;
    const auto summary = make_ffmpeg_decoder()->decode(folder / "a.wav", options, [&](auto) {
        if (++blocks % 256 == 0) most = std::max(most, test::live_heap_bytes());
        return Flow::proceed;
    });
    ASSERT_TRUE(summary.has_value()) << summary.error().message;
    EXPECT_DOUBLE_EQ(summary->duration_seconds, 36000);
    EXPECT_EQ(summary->samples, 36000 * 8000);
    EXPECT_LT(most, before + (8U << 20));
}

TEST(Decoder, SeveralThreadsMayUseOne) {
    const test::TempFolder folder;
    test::encode(test::music(1, 3), folder / "a.mp3");
    const auto expected = decode(folder / "a.mp3");
    ASSERT_TRUE(expected.has_value());
    std::vector<Result<test::Decoded>> results(4, fail(ErrorKind::internal, "not run"));
    {
        std::vector<std::jthread> threads;
        for (auto& result : results) threads.emplace_back([&] { result = decode(folder / "a.mp3"); });
    }
    for (const auto& result : results) {
        ASSERT_TRUE(result.has_value());
        EXPECT_EQ(result->samples, expected->samples);
    }
}

}  // namespace
}  // namespace audio_ident::audio
