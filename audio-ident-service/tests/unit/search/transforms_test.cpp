#include "search/transforms.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numbers>
#include <vector>

#include "support/synth.hpp"

namespace audio_ident::search {
namespace {

using fingerprint::Transform;

// Notes of the tempered scale, all shifted by this many semitones.
fingerprint::Clip mistuned(double semitones) {
    std::vector<float> clip;
    for (const int note : {0, 7, 3, 12, 10, 5, 15, 2}) {
        std::vector<float> sound(8000, 0.0F);
        for (int harmonic = 1; harmonic <= 4; ++harmonic) {
            const double hz = 440 * std::exp2((note + semitones) / 12) * harmonic;
            for (std::size_t i = 0; i < sound.size(); ++i)
                sound[i] +=
                    static_cast<float>(0.1 / harmonic * std::sin(2 * std::numbers::pi * hz * double(i) / 16000));
        }
        clip.insert(clip.end(), sound.begin(), sound.end());
    }
    return fingerprint::Clip(clip);
}

double semitones(float pitch) {
    return 12 * std::log2(double(pitch));
}

TEST(LikelyTransforms, NotesOffTheScaleAreBroughtBackToItFirst) {
    for (const double off : {0.4, -0.3}) {
        const auto transforms = likely_transforms(mistuned(off));
        ASSERT_GE(transforms.size(), 4U);
        for (std::size_t i = 0; i < 4; ++i) {
            const double left = off - semitones(transforms[i].pitch);
            EXPECT_NEAR(left, std::nearbyint(left), 0.1) << off << ' ' << i;
        }
    }
}

TEST(LikelyTransforms, NothingInTheirRangeIsLeftOut) {
    const fingerprint::Clip clips[] = {mistuned(0.25), fingerprint::Clip(test::noise(1, 4, 16000).samples),
                                       fingerprint::Clip(std::vector<float>(64000))};
    for (const fingerprint::Clip& clip : clips) {
        const auto transforms = likely_transforms(clip);
        const auto has = [&](float time, float pitch) {
            return std::any_of(transforms.begin(), transforms.end(), [&](const Transform& one) {
                return std::abs(one.time / time - 1) < 0.01F && std::abs(one.pitch / pitch - 1) < 0.005F;
            });
        };
        for (float change = 0.9F; change < 1.1F; change += 0.013F) {
            if (std::abs(change - 1) < 0.01F) continue;  // the thorough pass finds these
            EXPECT_TRUE(has(change, change)) << "speed " << change;
            EXPECT_TRUE(has(1, change)) << "pitch " << change;
            EXPECT_TRUE(has(change, 1)) << "tempo " << change;
            EXPECT_TRUE(has(1.05F, change)) << "both " << change;
        }
    }
}

}  // namespace
}  // namespace audio_ident::search
