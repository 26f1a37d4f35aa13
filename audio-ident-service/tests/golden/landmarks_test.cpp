#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <tuple>

extern "C" {
#include <libavutil/avutil.h>
#include <libavutil/cpu.h>
}

#include "fingerprint/extractor.hpp"
#include "fingerprint/landmark.hpp"
#include "support/synth.hpp"

// Compares the landmarks of a synthesised clip with those stored in landmarks.txt. Any change to landmarks makes
// existing indexes useless, so it must be noticed. After an intended change, which needs a new Params::kVersion, this
// command rewrites landmarks.txt:
//
//     AUDIO_IDENT_WRITE_GOLDEN=1 build/dev/tests/golden/golden-test

namespace audio_ident::fingerprint {
namespace {

constexpr const char* kFile = GOLDEN_FOLDER "/landmarks.txt";

struct Golden {
    unsigned params_version = 0;
    unsigned libavutil = 0;  ///< major version of the libavutil whose FFT computed them
    std::vector<Landmark> landmarks;
};

std::vector<Landmark> landmarks_now() {
    // Use only FFmpeg's C code. Its assembler rounds differently on each instruction set.
    av_force_cpu_flags(0);
    Extractor extractor;
    extractor.consume(test::music(2026, 6, kSampleRateHz).samples);
    auto landmarks = reference_landmarks(extractor.finish().peaks);
    std::sort(landmarks.begin(), landmarks.end(),
              [](const auto& a, const auto& b) { return std::tie(a.frame, a.key) < std::tie(b.frame, b.key); });
    return landmarks;
}

void write(const std::vector<Landmark>& landmarks) {
    std::ofstream file(kFile);
    file << "# Landmarks of music(2026, 6 s): frame and key. Written by golden-test, see landmarks_test.cpp.\n";
    file << fmt::format("params {} libavutil {}\n", Params::kVersion, avutil_version() >> 16);
    for (const Landmark& landmark : landmarks) file << fmt::format("{} {}\n", landmark.frame, landmark.key);
    ASSERT_TRUE(file.flush());
}

Golden read() {
    std::ifstream file(kFile);
    std::string line;
    std::string word;
    std::getline(file, line);
    Golden golden;
    file >> word >> golden.params_version >> word >> golden.libavutil;
    for (Landmark landmark; file >> landmark.frame >> landmark.key;) golden.landmarks.push_back(landmark);
    return golden;
}

TEST(GoldenLandmarks, AreThoseOfTheParamsVersion) {
    const auto now = landmarks_now();
    if (std::getenv("AUDIO_IDENT_WRITE_GOLDEN") != nullptr) write(now);
    const Golden golden = read();
    ASSERT_GT(golden.landmarks.size(), 500U);
    EXPECT_EQ(golden.params_version, Params::kVersion) << "landmarks.txt was written by another version; regenerate it";
    if (golden.libavutil == avutil_version() >> 16) {
        EXPECT_EQ(now, golden.landmarks);
        return;
    }
    // Another FFT rounds differently, which changes a few peaks.
    std::size_t matching = 0;
    for (const Landmark& landmark : golden.landmarks) {
        matching += static_cast<std::size_t>(std::count(now.begin(), now.end(), landmark));
    }
    EXPECT_GE(double(matching), 0.995 * double(std::max(now.size(), golden.landmarks.size())));
}

}  // namespace
}  // namespace audio_ident::fingerprint
