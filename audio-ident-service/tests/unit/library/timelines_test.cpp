// A timeline of a recording in a file, which may be interrupted.
#include "library/timelines.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <memory>
#include <optional>

#include "support/encode.hpp"
#include "support/fake_catalog.hpp"
#include "support/files.hpp"
#include "support/temp_folder.hpp"
#include "support/tracks.hpp"
#include "unit/search/library.hpp"

namespace audio_ident::library {
namespace {

using audio_ident::test::Clip;
using audio_ident::test::concatenate;
using audio_ident::test::kRate;
using audio_ident::test::make_track;
using audio_ident::test::section;
using audio_ident::test::silence;

/// Gives one recording, whatever it is asked for, in blocks of a second; requests a stop after some of them.
class Player : public audio::Decoder {
  public:
    explicit Player(Clip clip) : clip_(std::move(clip)) {}

    std::optional<int> stop_after;  ///< seconds
    mutable std::stop_source stop;

    Result<audio::DecodeSummary> decode(const audio::Source&, const audio::DecodeOptions& options,
                                        const audio::PcmSink& sink) const override {
        audio::DecodeSummary summary;
        int second = 0;
        for (std::span<const float> rest = clip_.samples; !rest.empty(); ++second) {
            if (second == stop_after) stop.request_stop();
            if (options.deadline.expired()) return fail(ErrorKind::timeout, "stopped");
            const auto block = rest.first(std::min<std::size_t>(kRate, rest.size()));
            if (sink(block) == audio::Flow::stop) break;
            rest = rest.subspan(block.size());
        }
        return summary;
    }
    Result<audio::StreamInfo> probe(const audio::Source&, const Deadline&) const override {
        return audio::StreamInfo{};
    }

  private:
    Clip clip_;
};

class TimelinesTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { songs_ = std::make_unique<audio_ident::test::Library>(2, 24); }
    static void TearDownTestSuite() { songs_.reset(); }

    TimelinesTest() {
        for (std::uint32_t i = 0; i < 2; ++i) {
            auto row = make_track(static_cast<int>(i));
            row.id = songs_->id(i);
            row.state = catalog::TrackState::ready;
            EXPECT_TRUE(catalog_.put({&row, 1}, {}));
        }
        std::ofstream(recording_) << "some bytes";
    }

    Result<RecordingTimeline> hear(Player& player, const TimelineObserver& observer = {}) {
        player.stop = {};
        return make_timeline({player, catalog_, songs_->index().reader(), threads_}, recording_,
                             {.deadline = Deadline::never(player.stop.get_token()), .save_in = saved_}, observer);
    }
    Player a_player() {
        const Clip parts[] = {section(songs_->track(0), 5, 14), silence(3, kRate), section(songs_->track(1), 5, 14)};
        return Player(concatenate(parts));
    }

    static inline std::unique_ptr<audio_ident::test::Library> songs_;
    audio_ident::test::FakeCatalog catalog_;
    audio_ident::test::TempFolder folder_;
    Executor threads_{2};
    std::filesystem::path recording_ = folder_ / "set.mp3";
    std::filesystem::path saved_ = folder_ / "set.heard";
};

TEST_F(TimelinesTest, AnInterruptedOneGoesOnWhereItEnded) {
    Player player = a_player();
    player.stop_after = 22;
    const auto interrupted = hear(player);
    ASSERT_FALSE(interrupted);
    EXPECT_EQ(interrupted.error().kind, ErrorKind::timeout);
    EXPECT_TRUE(std::filesystem::exists(saved_));
    player.stop_after.reset();
    double resumed = 0;
    const auto whole =
        hear(player, [&](const TimelineProgress& progress) { resumed = std::max(resumed, progress.resumed_seconds); });
    ASSERT_TRUE(whole) << whole.error().message;
    ASSERT_EQ(whole->entries.size(), 2U);
    EXPECT_EQ(whole->entries[0].track.id, songs_->id(0));
    EXPECT_NEAR(whole->entries[0].entry.heard.end, 14, 1);
    EXPECT_EQ(whole->entries[1].track.id, songs_->id(1));
    EXPECT_NEAR(whole->entries[1].entry.heard.begin, 17, 1);
    EXPECT_GT(resumed, 0);
}

TEST_F(TimelinesTest, ShowsTheWaveformAndWhatIsDecidedSoFar) {
    Player player = a_player();
    std::vector<RecordingTimeline> told;
    TimelineRequest request;
    request.with_peaks = true;
    request.so_far = [&](RecordingTimeline so_far) { told.push_back(std::move(so_far)); };
    const auto whole = make_timeline({player, catalog_, songs_->index().reader(), threads_}, recording_, request, {});
    ASSERT_TRUE(whole) << whole.error().message;
    EXPECT_EQ(whole->peaks.size(), kLeastPeaks);
    ASSERT_FALSE(told.empty());
    EXPECT_LE(told.back().seconds, whole->seconds);
    EXPECT_FALSE(told.back().peaks.empty());
    EXPECT_TRUE(hear(player)->peaks.empty()) << "nobody asked";
}

TEST_F(TimelinesTest, ARecordingThatHasChangedBeginsAgain) {
    Player player = a_player();
    player.stop_after = 22;
    ASSERT_FALSE(hear(player));
    std::ofstream(recording_, std::ios::app) << "more";
    player = Player(section(songs_->track(1), 5, 12));
    const auto other = hear(player);
    ASSERT_TRUE(other);
    ASSERT_EQ(other->entries.size(), 1U) << "nothing of the earlier sound";
    EXPECT_EQ(other->entries[0].track.id, songs_->id(1));
}

TEST_F(TimelinesTest, ADamagedFileOfProgressIsNotBelieved) {
    Player player = a_player();
    player.stop_after = 22;
    ASSERT_FALSE(hear(player));
    std::filesystem::resize_file(saved_, std::filesystem::file_size(saved_) / 2);
    player.stop_after.reset();
    const auto whole = hear(player);
    ASSERT_TRUE(whole) << whole.error().message;
    EXPECT_EQ(whole->entries.size(), 2U);
}

TEST_F(TimelinesTest, WhereProgressCannotBeSavedTheTimelineIsMadeAllTheSame) {
    saved_ = folder_ / "no such folder" / "set.heard";
    Player player = a_player();
    const auto whole = hear(player);
    ASSERT_TRUE(whole) << whole.error().message;
    EXPECT_EQ(whole->entries.size(), 2U);
}

TEST_F(TimelinesTest, TimesAfterADamagedPartAreRight) {
    const Clip parts[] = {section(songs_->track(0), 2, 20), section(songs_->track(1), 2, 14)};
    const auto file = folder_ / "evening.flac";
    audio_ident::test::encode(concatenate(parts), file);
    auto bytes = audio_ident::test::read_file(file);
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 4);
    std::fill(begin, begin + static_cast<std::ptrdiff_t>(bytes.size() / 8), std::byte{0x55});
    audio_ident::test::write_file(file, bytes);
    const auto decoder = audio::make_ffmpeg_decoder();
    const auto told = make_timeline({*decoder, catalog_, songs_->index().reader(), threads_}, file, {}, {});
    ASSERT_TRUE(told) << told.error().message;
    EXPECT_GT(told->damaged_frames, 0);
    EXPECT_NEAR(told->seconds, 34, 0.2);
    ASSERT_FALSE(told->entries.empty());
    EXPECT_EQ(told->entries.back().track.id, songs_->id(1));
    const timeline::Entry& last = told->entries.back().entry;
    EXPECT_NEAR(last.last.place_seconds - last.heard.end, 2 - 20, 0.1);
}

}  // namespace
}  // namespace audio_ident::library
