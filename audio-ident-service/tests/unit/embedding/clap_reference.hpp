#pragma once

#include <boost/json.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include "embedding/clap_mel.hpp"

namespace audio_ident::test {

inline std::filesystem::path clap_folder() {
    return std::filesystem::path(GOLDEN_FOLDER) / "clap";
}

/// What Hugging Face's transformers gives with the model in that folder.
inline boost::json::value clap_reference() {
    std::ifstream stream(clap_folder() / "reference.json", std::ios::binary);
    return boost::json::parse(std::string(std::istreambuf_iterator<char>(stream), {}));
}

/// The sounds of eval/clap_reference.py.
inline std::map<std::string, std::vector<float>> clap_sounds() {
    using std::numbers::pi;
    constexpr std::size_t kCount = embedding::ClapMel::kSamples;
    std::vector<float> chirp(kCount), noise(kCount), beats(kCount);
    std::uint32_t state = 1;
    for (std::size_t i = 0; i < kCount; ++i) {
        const double t = double(i) / embedding::ClapMel::kSampleRateHz;
        state = 1664525 * state + 1013904223;
        const double random = double(state >> 8) / double(1 << 24) - 0.5;
        chirp[i] = static_cast<float>(0.5 * std::sin(2 * pi * (50 * t + 1000 * t * t)));
        noise[i] = static_cast<float>(0.1 * random);
        beats[i] = static_cast<float>(random * std::exp(-8 * std::fmod(t, 0.5)) + 0.2 * std::sin(2 * pi * 110 * t));
    }
    const std::vector<float> short_beats(beats.begin(), beats.begin() + 3 * 48000 + 7);
    return {{"chirp", chirp}, {"noise", noise}, {"beats", beats}, {"short beats", short_beats}};
}

}  // namespace audio_ident::test
