#include "library/identify.hpp"
#include "support/fake_catalog.hpp"
#include "support/tracks.hpp"
#include "unit/search/library.hpp"

// A search for every track in a recording stopped after ten minutes without a word, though the README promises every
// track in a long recording.

namespace audio_ident::library {
namespace {

/// A file of so much silence, and a clip after it.
class LateMusic final : public audio::Decoder {
  public:
    LateMusic(double silent_seconds, test::Clip clip) : silent_seconds_(silent_seconds), clip_(std::move(clip)) {}

    Result<audio::DecodeSummary> decode(const audio::Source&, const audio::DecodeOptions& options,
                                        const audio::PcmSink& sink) const override {
        audio::DecodeSummary summary;
        const auto give = [&](std::span<const float> block) {
            const auto most = static_cast<std::int64_t>(options.max_seconds.value_or(1e9) * options.sample_rate_hz);
            block = block.first(std::min(block.size(), static_cast<std::size_t>(most - summary.samples)));
            summary.samples += static_cast<std::int64_t>(block.size());
            return !block.empty() && sink(block) == audio::Flow::proceed;
        };
        const std::vector<float> second(static_cast<std::size_t>(options.sample_rate_hz));
        bool more = true;
        for (double at = 0; at < silent_seconds_ && more; ++at) more = give(second);
        if (more) give(clip_.samples);
        summary.duration_seconds = double(summary.samples) / options.sample_rate_hz;
        return summary;
    }
    Result<audio::StreamInfo> probe(const audio::Source&, const Deadline&) const override {
        return audio::StreamInfo{};
    }

  private:
    double silent_seconds_;
    test::Clip clip_;
};

TEST(SearchAllBeyondTenMinutes, FindsATrackAfterTenMinutes) {
    test::Library songs(2, 30);
    test::FakeCatalog catalog;
    auto row = test::make_track(1);
    row.id = songs.id(1);
    row.state = catalog::TrackState::ready;
    ASSERT_TRUE(catalog.put({&row, 1}, {}));
    Executor threads(2);
    const search::ExactLane exact(songs.index().reader(), threads);
    constexpr double kSilent = kMaxSeconds + 8;
    const LateMusic decoder(kSilent, test::section(songs.track(1), 5, 12));
    IdentifyRequest request;
    request.mode = Mode::exact;
    request.places = Places::all;
    const auto answer = identify({decoder, catalog, exact, {}, threads}, std::filesystem::path("evening.mp3"), request);
    ASSERT_TRUE(answer) << answer.error().message;
    ASSERT_TRUE(answer->exact && *answer->exact);
    ASSERT_EQ((*answer->exact)->size(), 1U);
    const search::RecordingMatch& match = (*answer->exact)->front().recording;
    EXPECT_EQ(match.track, songs.id(1));
    EXPECT_NEAR(match.offset_seconds, 5 - kSilent, 0.1);
    ASSERT_FALSE(match.matched.empty());
    EXPECT_NEAR(match.matched.front().begin, kSilent, 1);
    EXPECT_NEAR(match.matched.back().end, kSilent + 12, 1);
}

}  // namespace
}  // namespace audio_ident::library
