// Measures what CLAP costs on this machine: clap-cost FOLDER [THREADS] [fast|f32|half|bytes]
//
// FOLDER contains a model with model.json, as for `model install --from`. Prints the time to load the audio tower, the
// time per window of 10 s through front end and tower, the same for a text, and the memory used.

#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <random>
#include <stdexcept>
#include <string_view>
#include <sys/resource.h>
#include <thread>
#include <vector>

#include "embedding/clap.hpp"
#include "support/clap_reference.hpp"

using namespace audio_ident;

namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

long peak_megabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1000;
}

openvino::Precision precision_of(std::string_view name) {
    using openvino::Precision;
    if (name == "f32") return Precision::f32;
    if (name == "half") return Precision::half;
    return name == "bytes" ? Precision::bytes : Precision::fast;
}

void hear(const embedding::Embedder& embedder, const std::vector<float>& samples) {
    const auto stream = embedder.stream({});
    if (!stream->consume(samples)) throw std::runtime_error("the sound could not be embedded");
    stream->finish().value();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        fmt::print(stderr, "usage: clap-cost FOLDER [THREADS] [fast|f32|half|bytes]\n");
        return 2;
    }
    const unsigned threads = argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 1;
    const auto precision = precision_of(argc > 3 ? argv[3] : "fast");
    constexpr int kWindows = 8;
    std::minstd_rand random(1);
    std::uniform_real_distribution<float> uniform(-0.5F, 0.5F);
    std::vector<float> samples(48000 * 10);
    for (float& x : samples) x = uniform(random);

    auto begin = std::chrono::steady_clock::now();
    const auto embedder = embedding::open_clap(test::clap_model(argv[1]), threads, precision);
    if (!embedder) {
        fmt::print(stderr, "{}\n", embedder.error().message);
        return 1;
    }
    fmt::print("load {:.2f} s\n", seconds_since(begin));
    hear(**embedder, samples);
    begin = std::chrono::steady_clock::now();
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < threads; ++i) {
        workers.emplace_back([&] {
            for (int n = 0; n < kWindows; ++n) hear(**embedder, samples);
        });
    }
    workers.clear();
    fmt::print("{:.3f} s per window, {} thread(s); peak memory {} MB\n", seconds_since(begin) / kWindows / threads,
               threads, peak_megabytes());
    begin = std::chrono::steady_clock::now();
    (*embedder)->embed_text("slow dreamy piano", {}).value();
    const double first = seconds_since(begin);
    begin = std::chrono::steady_clock::now();
    (*embedder)->embed_text("slow dreamy piano", {}).value();
    fmt::print("text: {:.2f} s the first, {:.3f} s the next; peak memory {} MB\n", first, seconds_since(begin),
               peak_megabytes());
}
