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
#include "embedding/model_folder.hpp"

namespace audio_ident::test {

/// The folder of a tiny model with random weights.
inline std::filesystem::path clap_folder() {
    return std::filesystem::path(GOLDEN_FOLDER) / "clap";
}

inline std::string text_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

inline embedding::ModelFolder clap_model(const std::filesystem::path& folder) {
    return {folder, embedding::parse_manifest(text_of(folder / embedding::kManifestName), folder.string()).value()};
}

/// The output of Hugging Face's transformers for the model in a folder that eval/clap_reference.py wrote.
inline boost::json::value clap_reference(const std::filesystem::path& folder = clap_folder()) {
    return boost::json::parse(text_of(folder / "reference.json"));
}

/// The same sounds as in eval/clap_reference.py.
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
