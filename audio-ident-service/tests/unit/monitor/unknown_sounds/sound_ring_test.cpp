#include "monitor/unknown_sounds/sound_ring.hpp"

#include <fstream>
#include <gmock/gmock.h>

#include "fingerprint/params.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::test {
namespace {

using monitor::SoundRing;
using monitor::Timestamp;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Run = SoundRing::Run;

constexpr int kRate = fingerprint::kSampleRateHz;
const Timestamp kBegin{std::chrono::sys_days(std::chrono::year(2026) / 11 / 29) + std::chrono::hours(9)};

/// Writes in blocks that do not end where anything else does.
void write(SoundRing& ring, const Clip& clip, Timestamp begin, Run run = Run::begins) {
    std::span<const float> rest = clip.samples;
    for (std::size_t done = 0; !rest.empty();) {
        const auto part = rest.first(std::min<std::size_t>(rest.size(), 7001));
        ring.write(part, begin + std::chrono::microseconds(done * 1'000'000 / kRate), run);
        run = Run::goes_on;
        done += part.size();
        rest = rest.subspan(part.size());
    }
}

void expect_same(const std::optional<std::vector<float>>& samples, const Clip& clip) {
    ASSERT_TRUE(samples);
    ASSERT_EQ(samples->size(), clip.samples.size());
    for (std::size_t i = 0; i < samples->size(); ++i) ASSERT_NEAR((*samples)[i], clip.samples[i], 1e-4) << i;
}

TEST(SoundRing, GivesWhatWasPlayedThen) {
    const TempFolder folder;
    SoundRing ring(folder.path() / "sounds", seconds(30));
    const Clip clip = music(1, 70, kRate);
    write(ring, clip, kBegin);
    expect_same(ring.read(kBegin + seconds(45), kBegin + seconds(65)), section(clip, 45, 20));
    expect_same(ring.read(kBegin + seconds(40), kBegin + seconds(70)), section(clip, 40, 30));
    EXPECT_FALSE(ring.read(kBegin + seconds(39), kBegin + seconds(45))) << "too long ago";
    EXPECT_FALSE(ring.read(kBegin + seconds(60), kBegin + seconds(71))) << "not heard yet";
    EXPECT_FALSE(ring.read(kBegin + seconds(60), kBegin + seconds(60)));
    EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "sounds")) << "the file has no name";
}

TEST(SoundRing, GivesNothingThatWasInterrupted) {
    const TempFolder folder;
    SoundRing ring(folder.path(), seconds(60));
    const Clip clip = music(1, 10, kRate);
    const Clip later = music(2, 10, kRate);
    write(ring, clip, kBegin);
    write(ring, later, kBegin + seconds(15));
    expect_same(ring.read(kBegin + seconds(2), kBegin + seconds(10)), section(clip, 2, 8));
    expect_same(ring.read(kBegin + seconds(15), kBegin + seconds(25)), later);
    EXPECT_FALSE(ring.read(kBegin + seconds(8), kBegin + seconds(17)));
    EXPECT_FALSE(ring.read(kBegin + seconds(11), kBegin + seconds(12)));
}

TEST(SoundRing, MovesARunWhoseClockWasWrong) {
    const TempFolder folder;
    SoundRing ring(folder.path(), seconds(60));
    const Clip clip = music(1, 30, kRate);
    // A server sent the past at once, which shows only when more comes.
    write(ring, section(clip, 0, 20), kBegin);
    write(ring, section(clip, 20, 10), kBegin, Run::goes_on);
    expect_same(ring.read(kBegin - seconds(15), kBegin + seconds(5)), section(clip, 5, 20));
}

TEST(SoundRing, GoesOnWhereItCannotWrite) {
    const TempFolder folder;
    std::ofstream(folder.path() / "file") << "no folder";
    SoundRing ring(folder.path() / "file", seconds(30));
    const Clip clip = music(1, 15, kRate);
    write(ring, clip, kBegin);
    EXPECT_FALSE(ring.read(kBegin + seconds(1), kBegin + seconds(2)));
    std::filesystem::remove(folder.path() / "file");
    write(ring, clip, kBegin + seconds(15), Run::goes_on);
    expect_same(ring.read(kBegin + seconds(15), kBegin + seconds(30)), clip);
}

}  // namespace
}  // namespace audio_ident::test
