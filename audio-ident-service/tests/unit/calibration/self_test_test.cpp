#include "calibration/self_test.hpp"

#include "support/encode.hpp"
#include "unit/search/library.hpp"

namespace audio_ident::test {
namespace {

class SelfTestTest : public LaneTest {
  protected:
    Result<std::vector<calibration::Trial>> run(std::uint32_t number, double seconds) {
        const auto path = folder_.path() / "track.wav";
        write_wav(path, section(library_->track(number), 0, seconds));
        catalog::FileRecord record;
        record.id = library_->id(number);
        record.file_path = path.string();
        return calibration::test_track({*decoder_, library_->index().reader(), executor()}, record, 1, Deadline());
    }

    TempFolder folder_;
    std::unique_ptr<audio::Decoder> decoder_ = audio::make_ffmpeg_decoder();
};

TEST_F(SelfTestTest, FindsTheTrackAndNotWhenItIsHidden) {
    const auto trials = run(2, 40);
    ASSERT_TRUE(trials) << trials.error().message;
    ASSERT_EQ(trials->size(), 8U);
    int found = 0;
    int found_hidden = 0;  // synthesised tracks share their notes, so that one may pass for another
    for (const auto& trial : *trials) {
        found += trial.known.right && trial.known.confidence > 0.9 ? 1 : 0;
        found_hidden += trial.unknown.confidence > 0.9 ? 1 : 0;
        EXPECT_FALSE(trial.unknown.right);
    }
    EXPECT_GE(found, 6);
    EXPECT_LE(found_hidden, 1);
    EXPECT_TRUE(trials->front().known.right);
}

TEST_F(SelfTestTest, LeavesAShortTrackOutAndSaysWhenItIsGone) {
    const auto trials = run(3, 10);
    ASSERT_TRUE(trials);
    EXPECT_TRUE(trials->empty());
    catalog::FileRecord gone;
    gone.file_path = (folder_.path() / "gone.wav").string();
    EXPECT_FALSE(calibration::test_track({*decoder_, library_->index().reader(), executor()}, gone, 1, Deadline()));
}

}  // namespace
}  // namespace audio_ident::test
