// Decodes files and discards the sound. whole_program.py compares an ingest with this.
//
//     decode-all THREADS FILE...

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <thread>
#include <vector>

#include "audio/decoder.hpp"

int main(int argc, char** argv) {
    using namespace audio_ident;
    const int threads = argc > 2 ? std::atoi(argv[1]) : 0;
    if (threads < 1) {
        std::cerr << "usage: decode-all THREADS FILE...\n";
        return 2;
    }
    const std::vector<std::filesystem::path> files(argv + 2, argv + argc);
    const auto decoder = audio::make_ffmpeg_decoder();
    std::atomic<std::size_t> next{0};
    std::atomic<double> seconds{0};
    const auto run = [&] {
        for (std::size_t i = next++; i < files.size(); i = next++) {
            const auto done =
                decoder->decode(files[i], {}, [](std::span<const float>) { return audio::Flow::proceed; });
            if (done) seconds += done->duration_seconds;
        }
    };
    {
        std::vector<std::jthread> workers;
        for (int i = 0; i < threads; ++i) workers.emplace_back(run);
    }
    std::cout << seconds << '\n';
    return 0;
}
