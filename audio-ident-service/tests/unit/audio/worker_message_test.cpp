#include "audio/worker_message.hpp"

#include <exception>
#include <gtest/gtest.h>
#include <optional>
#include <string>

namespace audio_ident::audio {
namespace {

DecodeSummary summary() {
    DecodeSummary summary;
    summary.info.format = "mp3";
    summary.info.sample_rate_hz = 44'100;
    summary.info.channels = 2;
    summary.info.bitrate_bps = 128'000;
    summary.info.duration_seconds = 0.1;
    summary.info.tags = {"Title", std::nullopt, "Album"};
    summary.duration_seconds = 1.0 / 3;
    summary.damaged_frames = 2;
    summary.stated_seconds = 5;
    summary.stopped_early = true;
    return summary;
}

/// The message of summary() with one text of it replaced.
std::string forged(const std::string& true_text, const std::string& text) {
    std::string message = to_message(Result<DecodeSummary>(summary()));
    const auto at = message.find(true_text);
    EXPECT_NE(at, std::string::npos) << true_text;
    return message.replace(at, true_text.size(), text);
}

TEST(WorkerMessage, AResultComesBackAsItWas) {
    const auto back = result_from(to_message(Result<DecodeSummary>(summary())));
    ASSERT_TRUE(back);
    EXPECT_EQ(to_message(back), to_message(Result<DecodeSummary>(summary())));
    EXPECT_EQ(back->info.format, "mp3");
    EXPECT_EQ(back->info.bitrate_bps, 128'000);
    EXPECT_EQ(back->info.duration_seconds, 0.1);
    EXPECT_EQ(back->info.tags.title, "Title");
    EXPECT_EQ(back->info.tags.artist, std::nullopt);
    EXPECT_EQ(back->duration_seconds, 1.0 / 3);
    EXPECT_EQ(back->damaged_frames, 2);
    EXPECT_EQ(back->stated_seconds, 5);
    EXPECT_TRUE(back->stopped_early);
}

TEST(WorkerMessage, AFailureIsOneLine) {
    const auto back = result_from(to_message(Result<DecodeSummary>(fail(ErrorKind::unsupported, "no\nsound\x1b"))));
    ASSERT_FALSE(back);
    EXPECT_EQ(back.error().kind, ErrorKind::unsupported);
    EXPECT_EQ(back.error().message, "no sound ");
}

TEST(WorkerMessage, ARequestComesBackAsItWas) {
    WorkerRequest request;
    request.name = "a.mp3";
    request.size_bytes = 7;
    request.sample_rate_hz = 16'000;
    request.channels = Channels::stereo;
    request.stream = 1;
    request.max_seconds = 0.1;
    request.begin_seconds = 2;
    request.timeout_ms = 50;
    request.tag_encoding = "windows-1253";
    EXPECT_EQ(to_message(request_from(to_message(request))), to_message(request));
    WorkerRequest least;
    least.probe_only = true;
    least.size_bytes = kStream;
    EXPECT_EQ(to_message(request_from(to_message(least))), to_message(least));
}

TEST(WorkerMessage, WhatNoDecoderOfOursSendsIsRefused) {
    EXPECT_TRUE(result_from(forged("", "")));
    for (const std::string& message :
         {std::string(), std::string("[]"), std::string("{}"), std::string(R"({"kind":99,"error":"x"})"),
          forged("44100", "-1"), forged("44100", "5000000000"), forged(R"("channels":2)", R"("channels":"2")"),
          forged("128000", "-5"), forged(R"("damaged_frames":2)", R"("damaged_frames":-2)")})
        EXPECT_THROW(static_cast<void>(result_from(message)), std::exception) << message;
    for (const char* member : {"claimed_seconds", "duration_seconds", "stated_seconds"}) {
        for (const char* seconds : {"inf", "nan", "-1", "1e999", "1x", ""}) {
            const std::string name = std::string("\"") + member + "\":";
            const auto message = forged(name, name + "\"" + seconds + "\",\"instead\":");
            EXPECT_THROW(static_cast<void>(result_from(message)), std::exception) << message;
        }
    }
    EXPECT_THROW(static_cast<void>(result_from(forged(R"("duration_seconds":)", R"("duration_seconds":null,"x":)"))),
                 std::exception);
}

TEST(WorkerMessage, TextsAreCleaned) {
    const auto back = result_from(forged("Title", R"(T\u001b[2Jitle)"));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->info.tags.title->find('\x1b'), std::string::npos);
    EXPECT_LE(result_from(forged("mp3", std::string(500, 'f')))->info.format.size(), 20U);
}

}  // namespace
}  // namespace audio_ident::audio
