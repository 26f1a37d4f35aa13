#include "audio/sandboxed_decoder.hpp"

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "support/decode.hpp"
#include "support/encode.hpp"
#include "support/id3.hpp"
#include "support/random.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::audio {
namespace {

using testing::HasSubstr;

constexpr auto kLong = std::chrono::seconds(60);

DecodeOptions until(const Deadline& deadline) {
    DecodeOptions options;
    options.deadline = deadline;
    return options;
}

class SandboxedDecoderTest : public testing::Test {
  protected:
    std::filesystem::path file(const std::string& name, std::string_view content) {
        std::ofstream(folder_ / name, std::ios::binary) << content;
        return folder_ / name;
    }
    std::filesystem::path song(const std::string& name, const std::vector<std::string>& options = {}) {
        test::encode(test::music(1, 3), folder_ / name, options);
        return folder_ / name;
    }
    static Result<test::Decoded> run(const Decoder& decoder, const Source& source, const DecodeOptions& options = {}) {
        test::Decoded decoded;
        auto summary = decoder.decode(source, options, [&](std::span<const float> block) {
            decoded.samples.insert(decoded.samples.end(), block.begin(), block.end());
            return Flow::proceed;
        });
        if (!summary) return forward(summary);
        decoded.summary = std::move(*summary);
        return decoded;
    }
    Result<test::Decoded> run(const Source& source, const DecodeOptions& options = {}) {
        return run(*decoder_, source, options);
    }
    void expect_the_same(const Source& source, const DecodeOptions& options = {}) {
        const auto here = run(*plain_, source, options);
        const auto there = run(source, options);
        ASSERT_EQ(here.has_value(), there.has_value()) << (here ? there : here).error().message;
        if (!here) {
            EXPECT_EQ(there.error(), here.error());
            return;
        }
        EXPECT_EQ(there->samples, here->samples);
        EXPECT_EQ(there->summary.samples, here->summary.samples);
        EXPECT_EQ(there->summary.duration_seconds, here->summary.duration_seconds);
        EXPECT_EQ(there->summary.damaged_frames, here->summary.damaged_frames);
        EXPECT_EQ(there->summary.stopped_early, here->summary.stopped_early);
        expect_same_info(there->summary.info, here->summary.info);
    }
    static void expect_same_info(const StreamInfo& there, const StreamInfo& here) {
        EXPECT_EQ(there.format, here.format);
        EXPECT_EQ(there.sample_rate_hz, here.sample_rate_hz);
        EXPECT_EQ(there.channels, here.channels);
        EXPECT_EQ(there.bitrate_bps, here.bitrate_bps);
        EXPECT_EQ(there.duration_seconds, here.duration_seconds);
        EXPECT_EQ(there.tags.title, here.tags.title);
        EXPECT_EQ(there.tags.artist, here.tags.artist);
        EXPECT_EQ(there.tags.album, here.tags.album);
    }
    static pid_t first_child_of(pid_t parent) {
        const std::string id = std::to_string(parent);
        std::ifstream children("/proc/" + id + "/task/" + id + "/children");
        pid_t child = 0;
        children >> child;
        return child;
    }
    void expect_it_still_works() {
        const auto decoded = run(good_);
        ASSERT_TRUE(decoded) << decoded.error().message;
        EXPECT_EQ(decoded->summary.samples, 48'000);
    }

    test::TempFolder folder_;
    std::unique_ptr<Decoder> plain_ = make_ffmpeg_decoder();
    std::unique_ptr<Decoder> decoder_ = make_sandboxed_decoder({.maker = {WORKER_PROGRAM}, .files_per_worker = 5});
    std::filesystem::path good_ = song("good.flac");
};

TEST_F(SandboxedDecoderTest, GivesWhatTheOneInThisProcessGives) {
    for (const char* name : {"a.wav", "a.mp3", "a.flac", "a.ogg", "a.opus", "a.webm", "a.m4a"}) {
        SCOPED_TRACE(name);
        const auto path = song(name, {"-metadata", "title=Ærø \"x\"", "-metadata", "artist=日本"});
        expect_the_same(path);
        expect_the_same(path, {44100, 1.5, {}});
        expect_the_same(path, {16000, 1.5, {}, Channels::stereo});
        const auto here = plain_->probe(path, Deadline());
        const auto there = decoder_->probe(path, Deadline());
        ASSERT_TRUE(here && there);
        expect_same_info(*there, *here);
    }
    const test::Bytes bytes = test::read_file(good_);
    expect_the_same(std::span<const std::byte>(bytes));
}

TEST_F(SandboxedDecoderTest, FailsAsTheOneInThisProcessFails) {
    expect_the_same(folder_ / "missing.mp3");
    expect_the_same(file("empty.mp3", ""));
    expect_the_same(file("text.mp3", "Dear friend,\nthis is no music.\n"));
    expect_the_same(file("noise.mp3", std::string("\x00\x01\xFE\xFF\x80\x81", 6)));
    expect_the_same(folder_.path());
    expect_the_same(std::span<const std::byte>());
    expect_the_same(good_, {7, {}, {}});
}

// ICU must not need files for that, which the sandbox refuses.
TEST_F(SandboxedDecoderTest, ReadsTagsInOtherEncodings) {
    const auto decoder = make_sandboxed_decoder({.maker = {WORKER_PROGRAM}}, {"windows-1253"});
    const test::Bytes mp3 = test::read_file(song("plain.mp3", {"-id3v2_version", "0"}));
    const auto tags_of = [&](const test::Id3Tag& tag) {
        const test::Bytes bytes = tag.before(mp3);
        const auto info = decoder->probe(std::span<const std::byte>(bytes), Deadline());
        EXPECT_TRUE(info) << info.error().message;
        return info ? info->tags : Tags{};
    };
    const auto chinese = tags_of(
        test::Id3Tag(3).text("TIT2", 0, "\xC7\xE0\xBB\xA8\xB4\xC9").text("TPE1", 0, "\xD6\xDC\xBD\xDC\xC2\xD7"));
    EXPECT_EQ(chinese.title, "青花瓷");
    EXPECT_EQ(chinese.artist, "周杰伦");
    EXPECT_EQ(tags_of(test::Id3Tag(3).text("TIT2", 0, "\xC6\xEF\xF1\xEC\xF0\xDC\xF2")).title, "Ζορμπάς");
}

TEST_F(SandboxedDecoderTest, StopsWhenTheSinkHasEnough) {
    std::int64_t taken = 0;
    const auto summary = decoder_->decode(good_, {}, [&](std::span<const float> block) {
        taken += static_cast<std::int64_t>(block.size());
        return taken >= 10'000 ? Flow::stop : Flow::proceed;
    });
    ASSERT_TRUE(summary) << summary.error().message;
    EXPECT_TRUE(summary->stopped_early);
    EXPECT_EQ(summary->samples, taken);
    EXPECT_LT(taken, 48'000);
    expect_it_still_works();
}

TEST_F(SandboxedDecoderTest, AFileThatCrashesItsDecoderIsUnsupportedAndTheNextOneIsDecoded) {
    for (const char* order : {"!crash", "!abort", "!exit"}) {
        const auto crashed = run(file("bad.mp3", order));
        ASSERT_FALSE(crashed) << order;
        EXPECT_EQ(crashed.error().kind, ErrorKind::unsupported) << crashed.error().message;
        EXPECT_THAT(crashed.error().message, HasSubstr("bad.mp3"));
        expect_it_still_works();
    }
}

TEST_F(SandboxedDecoderTest, AFileThatHangsItsDecoderIsATimeoutAndTheNextOneIsDecoded) {
    const auto bad = file("bad.mp3", "!hang");
    const auto late = run(bad, until(Deadline::after(std::chrono::milliseconds(100))));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, ErrorKind::timeout) << late.error().message;
    expect_it_still_works();

    std::stop_source stop;
    std::thread stopper([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        stop.request_stop();
    });
    const auto stopped = run(bad, until(Deadline::never(stop.get_token())));
    stopper.join();
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().kind, ErrorKind::timeout) << stopped.error().message;
    expect_it_still_works();
}

TEST_F(SandboxedDecoderTest, ADecoderThatAFileTookOverCanDoNothing) {
    for (const char* order : {"!open", "!write", "!remove", "!signal", "!fork", "!spy", "!code"}) {
        const auto denied = run(file("bad.mp3", order));
        ASSERT_FALSE(denied) << order;
        EXPECT_EQ(denied.error().message, "Operation not permitted") << order;
    }
    for (const char* order : {"!exec", "!socket", "!connect", "!trace"}) {  // These calls end the worker.
        const auto ended = run(file("bad.mp3", order));
        ASSERT_FALSE(ended) << order;
        EXPECT_EQ(ended.error().kind, ErrorKind::unsupported) << order;
    }
    EXPECT_FALSE(std::filesystem::exists("/tmp/escaped"));
    expect_it_still_works();
}

TEST_F(SandboxedDecoderTest, ADecoderThatAFileTookOverGetsLittleMemory) {
#ifdef AUDIO_IDENT_SANITIZED
    GTEST_SKIP() << "the sanitizers reserve terabytes; `make test-kernels` runs this without it";
#endif
    const auto denied = run(file("bad.mp3", "!memory"));
    ASSERT_FALSE(denied);
    EXPECT_EQ(denied.error().message, "Cannot allocate memory");
    expect_it_still_works();
}

TEST_F(SandboxedDecoderTest, ADecoderMayUseProcessorTimeForHoursAndStoreNothing) {
    expect_it_still_works();
    const pid_t worker = first_child_of(first_child_of(::getpid()));
    ASSERT_GT(worker, 0);
    std::ifstream file("/proc/" + std::to_string(worker) + "/limits");
    const std::string limits{std::istreambuf_iterator<char>(file), {}};
    EXPECT_THAT(limits, testing::ContainsRegex("Max cpu time +14400 +14400 "));
    EXPECT_THAT(limits, testing::ContainsRegex("Max file size +0 +0 "));
    EXPECT_THAT(limits, testing::ContainsRegex("Max core file size +0 +0 "));
    EXPECT_THAT(limits, testing::ContainsRegex("Max open files +16 +16 "));
}

TEST_F(SandboxedDecoderTest, ManyAtOnceDoNotDisturbEachOther) {
    const auto crash = file("crash.mp3", "!crash");
    std::atomic<int> good = 0;
    std::atomic<int> crashed = 0;
    std::vector<std::thread> users;
    for (int user = 0; user < 6; ++user) {
        users.emplace_back([&, user] {
            for (int i = 0; i < 6; ++i) {
                const bool bad = (user + i) % 3 == 0;
                const auto result = run(bad ? crash : good_);
                if (bad && !result && result.error().kind == ErrorKind::unsupported) ++crashed;
                if (!bad && result && result->summary.samples == 48'000) ++good;
            }
        });
    }
    for (std::thread& user : users) user.join();
    EXPECT_EQ(good, 24);
    EXPECT_EQ(crashed, 12);
}

TEST_F(SandboxedDecoderTest, ASinkThatThrowsIsAnErrorAsEver) {
    const auto result =
        decoder_->decode(good_, {}, [](std::span<const float>) -> Flow { throw std::runtime_error("sink"); });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::internal);
    expect_it_still_works();
}

TEST_F(SandboxedDecoderTest, LeavesNoDescriptorsBehind) {
    const auto count = [] {
        std::ptrdiff_t all = 0;
        for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++all;
        return all;
    };
    const auto crash = file("crash.mp3", "!crash");
    expect_it_still_works();
    const auto before = count();
    for (int i = 0; i < 12; ++i) {
        EXPECT_FALSE(run(crash));
        expect_it_still_works();
    }
    EXPECT_EQ(count(), before);
}

TEST_F(SandboxedDecoderTest, TheProcessThatMakesWorkersIsMadeAnewWhenItEnds) {
    expect_it_still_works();
    const pid_t maker = first_child_of(::getpid());
    ASSERT_GT(maker, 0);
    ASSERT_EQ(::kill(maker, SIGKILL), 0);
    int failures = 0;
    for (int i = 0; i < 12; ++i) failures += run(good_) ? 0 : 1;
    EXPECT_LE(failures, 1) << "its workers end with it, perhaps in the middle of a file";
    expect_it_still_works();
}

TEST_F(SandboxedDecoderTest, AMakerThatCannotStartIsSaidToBeSo) {
    const auto decoder = make_sandboxed_decoder({.maker = {"/nowhere/program"}});
    const auto result = run(*decoder, good_);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::not_available);
    EXPECT_THAT(result.error().message, HasSubstr("/nowhere/program"));
}

TEST_F(SandboxedDecoderTest, TwoHundredMalformedFilesAreAnsweredLikeInThisProcess) {
    std::vector<test::Bytes> originals;
    for (const char* name : {"m.wav", "m.mp3", "m.flac", "m.ogg", "m.webm", "m.m4a"}) {
        originals.push_back(test::read_file(song(name)));
    }
    test::Random random(7);
    for (int i = 0; i < 200; ++i) {
        test::Bytes bytes = originals[static_cast<std::size_t>(i) % originals.size()];
        const auto below = [&](std::size_t count) {
            return static_cast<std::size_t>(random.below(static_cast<int>(count)));
        };
        const int damages = 1 + random.below(40);
        for (int d = 0; d < damages; ++d) {
            // Half of the damage is in the headers.
            const auto reach = d % 2 == 0 ? std::min<std::size_t>(bytes.size(), 200) : bytes.size();
            bytes[below(reach)] = static_cast<std::byte>(random.below(256));
        }
        if (i % 5 == 0) bytes.resize(below(bytes.size()) + 1);
        SCOPED_TRACE(i);
        expect_the_same(std::span<const std::byte>(bytes), until(Deadline::after(kLong)));
    }
    expect_it_still_works();
}

}  // namespace
}  // namespace audio_ident::audio
