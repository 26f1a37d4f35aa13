#include "ingest/examine/same_recording.hpp"

#include <array>
#include <gtest/gtest.h>

#include "audio/waveform.hpp"
#include "fingerprint/extractor.hpp"
#include "fingerprint/params.hpp"
#include "support/synth.hpp"

namespace audio_ident::ingest {
namespace {

using audio_ident::test::Clip;
constexpr int kRate = fingerprint::kSampleRateHz;

struct Heard {
    explicit Heard(const Clip& clip) {
        fingerprint::Extractor extractor;
        extractor.consume(clip.samples);
        print = extractor.finish();
        audio::Waveform waveform;
        waveform.consume(clip.samples);
        loudness = waveform.finish();
    }
    Recording recording() const { return {print.peaks, print.frames, loudness}; }

    fingerprint::Fingerprint print;
    audio::WaveformPeaks loudness;
};

Clip music(std::uint64_t seed, double seconds) {
    return audio_ident::test::music(seed, seconds, kRate);
}
Clip joined(const Clip& first, const Clip& second) {
    return audio_ident::test::concatenate(std::array{first, second});
}
Clip quiet(double seconds) {
    return audio_ident::test::silence(seconds, kRate);
}

/// Whichever of the two comes first.
void expect(bool copies, const Clip& a, const Clip& b) {
    const Heard first(a);
    const Heard second(b);
    for (const auto& [fresh, known] : {std::pair(&first, &second), std::pair(&second, &first)}) {
        const Overlap overlap = lay_over(fresh->recording(), known->recording());
        EXPECT_EQ(are_copies(overlap), copies) << overlap.common_seconds << " s common, " << overlap.differing_seconds
                                               << " s differing, " << overlap.extra_seconds << " s extra";
    }
}

TEST(SameRecording, CopiesMayBeQuieterNoisierAndHaveSilenceAround) {
    const Clip original = music(1, 60);
    expect(true, original, original);
    expect(true, original, audio_ident::test::amplify(original, 0.2F));
    expect(true, original, audio_ident::test::mix_at_snr(original, audio_ident::test::noise(1, 60, kRate), 30));
    expect(true, original, joined(quiet(3), joined(original, quiet(20))));
}

TEST(SameRecording, TheSameBeginningIsNotTheSameRecording) {
    const Clip beginning = music(1, 40);
    expect(false, joined(beginning, music(2, 20)), joined(beginning, music(3, 20)));
}

TEST(SameRecording, APartIsNotTheWhole) {
    const Clip whole = music(1, 60);
    expect(false, whole, audio_ident::test::section(whole, 0, 0.91 * 60));
    expect(false, whole, audio_ident::test::section(whole, 5, 55));
}

TEST(SameRecording, AVoiceOnTopMakesAnother) {
    const Clip instrumental = music(1, 60);
    const Clip voice = audio_ident::test::section(music(7, 90), 30, 60);
    expect(false, instrumental, audio_ident::test::mix_at_snr(instrumental, voice, 3));
}

TEST(SameRecording, OtherMusicOrNoneIsNoCopy) {
    expect(false, music(1, 30), music(2, 30));
    EXPECT_FALSE(are_copies(lay_over({}, {})));
}

}  // namespace
}  // namespace audio_ident::ingest
