// Measures each stage of the exact lane on music that the benchmark synthesises. "x" is seconds of audio per second on
// one core; searches are in milliseconds per clip.

#include <benchmark/benchmark.h>
#include <cmath>
#include <filesystem>
#include <vector>

#include "core/uuid.hpp"
#include "fingerprint/clip.hpp"
#include "fingerprint/extractor.hpp"
#include "fingerprint/landmark.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "search/exact_lane.hpp"
#include "support/executor.hpp"
#include "support/random.hpp"
#include "support/synth.hpp"

namespace {

using namespace audio_ident;

constexpr std::size_t kTracks = 40;
constexpr double kTrackSeconds = 120;

std::vector<float> music(std::uint64_t seed, double seconds) {
    return test::music(seed, seconds, fingerprint::kSampleRateHz).samples;
}

void report_realtime(benchmark::State& state, double seconds_each) {
    state.counters["x"] =
        benchmark::Counter(seconds_each * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void extract(benchmark::State& state) {
    const auto samples = music(1, 60);
    fingerprint::Extractor extractor;
    for (auto _ : state) {
        extractor.consume(samples);
        benchmark::DoNotOptimize(extractor.finish());
    }
    report_realtime(state, 60);
}
BENCHMARK(extract)->Unit(benchmark::kMillisecond);

void pair_landmarks(benchmark::State& state) {
    fingerprint::Extractor extractor;
    extractor.consume(music(1, 60));
    const auto print = extractor.finish();
    for (auto _ : state) benchmark::DoNotOptimize(fingerprint::reference_landmarks(print.peaks));
    report_realtime(state, 60);
}
BENCHMARK(pair_landmarks)->Unit(benchmark::kMillisecond);

void analyse_clip(benchmark::State& state) {
    const auto samples = music(1, 5);
    for (auto _ : state) benchmark::DoNotOptimize(fingerprint::Clip(samples));
}
BENCHMARK(analyse_clip)->Unit(benchmark::kMillisecond);

// An index of kTracks tracks in a temporary folder.
class Library {
  public:
    Library() : folder_(std::filesystem::temp_directory_path() / ("stage-bench-" + Uuid::random().to_string())) {
        index_ = std::move(*index::LmdbIndex::open(folder_, lmdb::Access::read_write, test::executor()));
        std::vector<index::TrackFingerprint> tracks;
        fingerprint::Extractor extractor;
        for (std::size_t i = 0; i < kTracks; ++i) {
            extractor.consume(music(i, kTrackSeconds));
            tracks.push_back({TrackId::random(), extractor.finish()});
        }
        if (!index_->writer().add(tracks, {})) std::abort();
    }
    ~Library() {
        index_.reset();
        std::filesystem::remove_all(folder_);
    }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
    index::FingerprintIndexReader& reader() { return index_->reader(); }

    static Library& instance() {
        static Library library;
        return library;
    }

  private:
    std::filesystem::path folder_;
    std::unique_ptr<index::LmdbIndex> index_;
};

void search(benchmark::State& state, const std::vector<float>& clip) {
    const search::ExactLane lane(Library::instance().reader(), test::executor());
    for (auto _ : state) benchmark::DoNotOptimize(lane.search(clip, {}));
}

std::vector<float> excerpt(std::uint64_t track, double from_seconds, double seconds) {
    const auto samples = music(track, from_seconds + seconds);
    const auto from = static_cast<std::ptrdiff_t>(from_seconds * fingerprint::kSampleRateHz);
    return {samples.begin() + from, samples.end()};
}

void search_clean_5s(benchmark::State& state) {
    search(state, excerpt(3, 40.003, 5));
}
BENCHMARK(search_clean_5s)->Unit(benchmark::kMillisecond);

void search_noise_0db_5s(benchmark::State& state) {
    auto clip = excerpt(3, 40.003, 5);
    double power = 0;
    for (const float x : clip) power += double(x) * double(x);
    const double amplitude = std::sqrt(3 * power / double(clip.size()));  // Uniform noise with the same power.
    const auto noise = test::noise(7, 5, fingerprint::kSampleRateHz, amplitude).samples;
    for (std::size_t i = 0; i < clip.size(); ++i) clip[i] += noise[i];
    search(state, clip);
}
BENCHMARK(search_noise_0db_5s)->Unit(benchmark::kMillisecond);

// This search tries all speeds, pitches and tempos.
void search_unknown_5s(benchmark::State& state) {
    search(state, music(1000, 5));
}
BENCHMARK(search_unknown_5s)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
