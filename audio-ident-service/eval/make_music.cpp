// Writes synthesised tracks that share instruments, notes and tuning, like tracks made from one sample library. The
// decision must not confuse them.
//
//     make-music FOLDER COUNT SECONDS
//
// Writes track-000.wav and so on: the music of tests/support/synth.hpp with a faint background, 16 kHz mono. Every run
// writes the same files.

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <iostream>

#include "support/encode.hpp"
#include "support/synth.hpp"

int main(int argc, char** argv) {
    using namespace audio_ident::test;
    const int count = argc == 4 ? std::atoi(argv[2]) : 0;
    const double seconds = argc == 4 ? std::atof(argv[3]) : 0;
    if (count < 1 || seconds <= 0) {
        std::cerr << "usage: make-music FOLDER COUNT SECONDS\n";
        return 2;
    }
    constexpr int kRate = 16000;
    const std::filesystem::path folder = argv[1];
    std::filesystem::create_directories(folder);
    for (int i = 0; i < count; ++i) {
        const auto seed = static_cast<std::uint64_t>(5000 + i);
        const Clip track = mix_at_snr(music(seed, seconds, kRate), noise(seed, 5, kRate), 45);
        write_wav(folder / fmt::format("track-{:03}.wav", i), track);
    }
    return 0;
}
