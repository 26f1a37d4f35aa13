#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include "audio/sandboxed_decoder.hpp"
#include "support/decode.hpp"
#include "support/encode.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::audio {
namespace {

using testing::HasSubstr;

constexpr int kPatience = 60'000;  // milliseconds

std::unique_ptr<Decoder> decoder_of(const std::string& kind) {
    if (kind == "thread") return make_ffmpeg_decoder();
    return make_sandboxed_decoder({.maker = {WORKER_PROGRAM}});
}

class StreamDecodingTest : public testing::TestWithParam<std::string> {
  protected:
    test::Bytes song(const std::string& name, const std::vector<std::string>& options = {}) {
        test::encode(test::music(1, 4), folder_ / name, options);
        return test::read_file(folder_ / name);
    }
    static void wait_for(const StreamDecoding& stream, bool to_give) {
        pollfd news[2] = {{stream.output(), POLLIN, 0}, {to_give ? stream.input() : -1, POLLOUT, 0}};
        ASSERT_GT(::poll(news, 2, kPatience), 0) << "nothing happens";
    }
    /// Gives pieces of so many bytes, and takes meanwhile.
    Result<test::Decoded> run(std::span<const std::byte> bytes, std::size_t piece) {
        auto stream = decoder_->decode_stream("Radio", {});
        if (!stream) return forward(stream);
        test::Decoded decoded;
        bool ended = false;
        while (true) {
            wait_for(**stream, !ended);
            auto taken = (*stream)->take([&](std::span<const float> block) {
                decoded.samples.insert(decoded.samples.end(), block.begin(), block.end());
            });
            if (!taken) return forward(taken);
            if (*taken) {
                decoded.summary = **taken;
                return decoded;
            }
            const auto given = (*stream)->give(bytes.first(std::min(piece, bytes.size())));
            bytes = bytes.subspan(given.value_or(bytes.size()));
            if (bytes.empty() && !std::exchange(ended, true)) (*stream)->end();
        }
    }

    test::TempFolder folder_;
    std::unique_ptr<Decoder> decoder_ = decoder_of(GetParam());
};
INSTANTIATE_TEST_SUITE_P(All, StreamDecodingTest, testing::Values("thread", "worker"),
                         [](const auto& one) { return one.param; });

TEST_P(StreamDecodingTest, GivesWhatTheFileGives) {
    for (const char* name : {"a.mp3", "a.aac", "a.ogg", "a.opus", "a.webm", "a.flac", "a.ts", "a.wav"}) {
        const auto bytes = song(name);
        const auto of_file = test::decode(std::span<const std::byte>(bytes)).value();
        const auto of_stream = run(bytes, 700);
        ASSERT_TRUE(of_stream) << name << ": " << of_stream.error().message;
        // The file's header may say that some samples at its end are padding.
        EXPECT_NEAR(double(of_stream->samples.size()), double(of_file.samples.size()), 1600) << name;
        EXPECT_EQ(of_stream->samples.size(), std::size_t(of_stream->summary.samples)) << name;
        double difference = 0;
        for (std::size_t i = 0; i + 3200 < of_file.samples.size(); ++i)
            difference = std::max(difference, double(std::abs(of_file.samples[i] - of_stream->samples[i])));
        EXPECT_LT(difference, 1e-4) << name;
    }
}

TEST_P(StreamDecodingTest, GivesSoundBeforeTheStreamEnds) {
    const auto bytes = song("a.mp3");
    auto stream = decoder_->decode_stream("Radio", {}).value();
    std::size_t samples = 0;
    std::span<const std::byte> left = bytes;
    while (samples < 16'000) {
        wait_for(*stream, !left.empty());
        ASSERT_TRUE(stream->take([&](std::span<const float> block) { samples += block.size(); }));
        left = left.subspan(stream->give(left.first(std::min<std::size_t>(left.size(), 4096))).value());
    }
    SUCCEED() << "and a stream that nobody ends can be given up";
}

TEST_P(StreamDecodingTest, SaysWhatIsNoSound) {
    const std::string page = "<!DOCTYPE html><html><body>The stream has moved</body></html>";
    const auto told = run(std::as_bytes(std::span(page)), 10);
    ASSERT_FALSE(told);
    EXPECT_THAT(told.error().message, HasSubstr("not audio"));
    const auto nothing = run({}, 10);
    EXPECT_FALSE(nothing);
}

TEST_P(StreamDecodingTest, StopsTakingWhileNobodyListens) {
    test::encode(test::noise(1, 40), folder_ / "long.wav");
    const auto bytes = test::read_file(folder_ / "long.wav");
    auto stream = decoder_->decode_stream("Radio", {}).value();
    std::span<const std::byte> left = bytes;
    pollfd room{stream->input(), POLLOUT, 0};
    while (::poll(&room, 1, 200) > 0 && !left.empty()) left = left.subspan(stream->give(left).value());
    EXPECT_FALSE(left.empty()) << "memory is bounded";
}

}  // namespace
}  // namespace audio_ident::audio
