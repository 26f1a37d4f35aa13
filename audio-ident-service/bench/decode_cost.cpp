// Measures what decoding in a separate process costs. Decodes the same files alternately in this process and in the
// sandbox.
//
//     decode-cost ROUNDS FILE...
//
// Prints the processor time of all processes together in seconds, and the ratio. Elapsed time says less, because a
// sandbox on a second core works in parallel with its user.

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string_view>
#include <sys/resource.h>
#include <vector>

#include "audio/decode_worker.hpp"
#include "audio/sandboxed_decoder.hpp"

namespace {

using namespace audio_ident;

constexpr std::string_view kWorker = "decode-worker";

/// `whose`: this process (RUSAGE_SELF), or its children that have ended (RUSAGE_CHILDREN).
double processor_seconds(int whose) {
    rusage usage{};
    getrusage(static_cast<__rusage_who>(whose), &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double seconds_here(const audio::Decoder& decoder, const std::vector<std::filesystem::path>& files) {
    const double begin = processor_seconds(RUSAGE_SELF);
    for (const auto& file : files) {
        const auto done = decoder.decode(file, {}, [](std::span<const float>) { return audio::Flow::proceed; });
        if (!done) std::cerr << done.error().message << '\n';
    }
    return processor_seconds(RUSAGE_SELF) - begin;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 2 && argv[1] == kWorker) audio::run_worker_maker();
    const int rounds = argc > 2 ? std::atoi(argv[1]) : 0;
    if (rounds < 1) {
        std::cerr << "usage: decode-cost ROUNDS FILE...\n";
        return 2;
    }
    const std::vector<std::filesystem::path> files(argv + 2, argv + argc);
    const auto here = audio::make_ffmpeg_decoder();
    auto there = audio::make_sandboxed_decoder({.maker = {"/proc/self/exe", std::string(kWorker)}});
    seconds_here(*here, files);  // Bring the files into the page cache.
    double in_process = 0;
    double sandboxed = 0;
    for (int round = 0; round < rounds; ++round) {
        in_process += seconds_here(*here, files);
        sandboxed += seconds_here(*there, files);
    }
    there.reset();
    const double workers = processor_seconds(RUSAGE_CHILDREN);
    std::cout << "in this process " << in_process << " s; in the sandbox " << sandboxed + workers << " s, " << sandboxed
              << " s of that in this process; ratio " << (sandboxed + workers) / in_process << '\n';
    return 0;
}
