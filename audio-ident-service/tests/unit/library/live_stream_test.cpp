// A live answer about bytes that arrive.
#include "library/live_stream.hpp"

#include <gmock/gmock.h>
#include <poll.h>

#include "support/fake_library.hpp"
#include "support/synth.hpp"
#include "support/tracks.hpp"

namespace audio_ident::library {
namespace {

using testing::HasSubstr;

/// Names a track after a second of sound, and takes it back at the end.
class OneName final : public LiveAnswer {
  public:
    Result<std::vector<NamedEvent>> consume(std::span<const float> samples) override {
        const auto before = std::exchange(samples_, samples_ + samples.size());
        std::vector<NamedEvent> events;
        if (before < 16'000 && samples_ >= 16'000)
            events.push_back({live::Match{1, 1, {.number = 1, .track = {}}}, {test::make_track(1)}});
        return events;
    }
    Result<std::vector<NamedEvent>> finish() override {
        return std::vector<NamedEvent>{{live::End{2, 2, true, {}}, {test::make_track(1)}}};
    }

  private:
    std::size_t samples_ = 0;
};

class LiveStreamTest : public testing::Test {
  protected:
    LiveStreamTest() {
        library_.on_listen = [](const auto&) { return std::make_unique<OneName>(); };
    }
    std::unique_ptr<LiveStream> open(const std::optional<audio::RawFormat>& raw = {}) {
        return LiveStream::open(library_, "the sound", raw, {}).value();
    }
    /// Gives all bytes and takes all that is told.
    static Result<std::vector<NamedEvent>> run(LiveStream& stream, std::span<const std::byte> bytes) {
        std::vector<NamedEvent> events;
        bool ended = false;
        while (true) {
            bytes = bytes.subspan(stream.give(bytes));
            if (bytes.empty() && !std::exchange(ended, true)) stream.end();
            pollfd news[2] = {{stream.output(), POLLIN, 0}, {bytes.empty() ? -1 : stream.input(), POLLOUT, 0}};
            ::poll(news, 2, 60'000);
            auto told = stream.take();
            if (!told) return forward(told);
            std::move(told->events.begin(), told->events.end(), std::back_inserter(events));
            if (told->over) return events;
        }
    }

    std::unique_ptr<audio::Decoder> decoder_ = audio::make_ffmpeg_decoder();
    test::FakeLibrary library_{decoder_.get()};
};

TEST_F(LiveStreamTest, HearsSamplesOfAnyFormat) {
    using audio::SampleFormat;
    for (const auto& [format, bytes_a_sample] : {std::pair(SampleFormat::s16le, 2),
                                                 {SampleFormat::s24le, 3},
                                                 {SampleFormat::s32le, 4},
                                                 {SampleFormat::f32le, 4}}) {
        const auto stream = open(audio::RawFormat{format, 48'000, 2});
        const std::vector<std::byte> two_seconds(2 * 48'000 * 2 * static_cast<std::size_t>(bytes_a_sample));
        const auto events = run(*stream, two_seconds);
        ASSERT_TRUE(events) << events.error().message;
        EXPECT_NEAR(stream->seconds(), 2, 0.05);
        ASSERT_EQ(events->size(), 2U);
        EXPECT_TRUE(std::holds_alternative<live::Match>(events->front().event));
        EXPECT_EQ(stream->plays(), 0) << "the one play was taken back";
    }
}

TEST_F(LiveStreamTest, SaysWhatIsNoSound) {
    const std::string page = "<!DOCTYPE html><html><body>not found</body></html>";
    const auto told = run(*open(), std::as_bytes(std::span(page)));
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().reason, Reason::unsupported_format);
    EXPECT_THAT(told.error().message, HasSubstr("not audio"));
}

TEST_F(LiveStreamTest, SaysWhenThereWasTooLittle) {
    const std::vector<std::byte> half_a_second(2 * 8'000);
    const auto told = run(*open(audio::RawFormat{audio::SampleFormat::s16le, 16'000, 1}), half_a_second);
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().reason, Reason::audio_too_short);
    EXPECT_FALSE(open()->finish());
}

TEST_F(LiveStreamTest, FailsWhenTheLibraryCannotListen) {
    library_.failure = Error{ErrorKind::not_available, "there is no library", {}};
    EXPECT_FALSE(LiveStream::open(library_, "the sound", {}, {}));
}

}  // namespace
}  // namespace audio_ident::library
