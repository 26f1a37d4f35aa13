// Measures the vibe lane's scan: scan-vectors FOLDER [CHUNKS [DIMENSION]]
//
// Fills a new index in FOLDER with random chunks, 50 per track. Reads it cold (pages dropped from the cache, index
// reopened) and then warm, and compares with plainly reading as many bytes of memory. Prints elapsed time and the
// processor time of all threads; on idle cores, elapsed time is processor time divided by the number of threads.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <numeric>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "index/both_lanes/lmdb_index.hpp"
#include "support/vectors.hpp"
#include "tools.hpp"

namespace {

using namespace audio_ident;
using bench::milliseconds_since;
using bench::value_or_exit;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kChunksATrack = 50;

/// The duration of each repetition.
struct Times {
    std::vector<double> clock, processor;

    template <typename Body>
    void add(Body&& body) {
        const auto begin = Clock::now();
        const double before = bench::processor_seconds();
        body();
        processor.push_back(1e3 * (bench::processor_seconds() - before));
        clock.push_back(milliseconds_since(begin));
    }
    static double median(std::vector<double> times) {
        std::sort(times.begin(), times.end());
        return times[times.size() / 2];
    }
    std::string text() const {
        return fmt::format("{:.1f} ms (best {:.1f}), processor time {:.1f} ms", median(clock),
                           *std::min_element(clock.begin(), clock.end()), median(processor));
    }
};

std::unique_ptr<index::LmdbIndex> open(const char* folder) {
    return value_or_exit(index::LmdbIndex::open(folder, lmdb::Access::read_write, bench::executor()));
}

void fill(const char* folder, const index::VectorSpace& space, std::size_t chunks) {
    const auto index = open(folder);
    const auto vectors = index->vectors(space);
    test::Random random(1);
    for (std::size_t done = 0; done < chunks;) {
        std::vector<index::TrackVectors> batch;
        for (int i = 0; i < 100 && done < chunks; ++i, done += kChunksATrack) {
            auto& track =
                batch.emplace_back(index::TrackVectors{.id = TrackId::random(), .start_seconds = {}, .values = {}});
            for (std::size_t c = 0; c < kChunksATrack; ++c) track.start_seconds.push_back(static_cast<float>(5 * c));
            track.values.resize(kChunksATrack * space.dimension);
            for (float& value : track.values) value = static_cast<float>(random.uniform(-1, 1));
        }
        value_or_exit(vectors->writer().add(batch, Deadline()));
    }
}

void drop_from_cache(const std::string& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY);
    ::fsync(descriptor);
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    ::close(descriptor);
}

/// Returns a value that the compiler cannot predict, so that it does not remove the reads.
std::uint64_t read_memory(const std::vector<std::uint64_t>& words, unsigned threads) {
    std::vector<std::uint64_t> sums(threads * 8);
    {
        std::vector<std::jthread> readers;
        for (unsigned t = 0; t < threads; ++t) {
            readers.emplace_back([&, t] {
                const std::size_t part = words.size() / threads;
                sums[t * 8] = std::accumulate(words.begin() + std::ptrdiff_t(t * part),
                                              words.begin() + std::ptrdiff_t((t + 1) * part), std::uint64_t{0});
            });
        }
    }
    return std::accumulate(sums.begin(), sums.end(), std::uint64_t{0});
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    const std::size_t chunks = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1'000'000;
    const index::VectorSpace space{"bench@1",
                                   argc > 3 ? static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10)) : 512};
    fill(argv[1], space, chunks);
    drop_from_cache(std::string(argv[1]) + "/data.mdb");

    const auto start = Clock::now();
    const auto index = open(argv[1]);
    const auto vectors = index->vectors(space);
    const auto search = [&](std::size_t queries) {
        std::vector<float> rows;
        for (std::size_t q = 0; q < queries; ++q) {
            const auto row = test::random_unit(q, space.dimension);
            rows.insert(rows.end(), row.begin(), row.end());
        }
        value_or_exit(vectors->reader().nearest(rows, 200, {}, Deadline()));
    };
    search(1);
    fmt::print("{} chunks of {} numbers: first search after a cold start {:.0f} ms\n", chunks, space.dimension,
               milliseconds_since(start));

    // Alternate, so that other load on the machine affects all measurements equally.
    const std::vector<std::uint64_t> words(chunks * space.dimension / 8, 3);
    const auto threads = static_cast<unsigned>(hardware_threads());
    Times one;
    Times six;
    Times reading;
    std::uint64_t sum = 0;
    for (int round = 0; round < 15; ++round) {
        one.add([&] { search(1); });
        six.add([&] { search(6); });
        reading.add([&] { sum += read_memory(words, threads); });
    }
    fmt::print("on {} threads\none query          {}\nsix at once        {}\n", threads, one.text(), six.text());
    fmt::print("plain reading      {}: one query reads at {:.0f} % of that speed\n", reading.text(),
               100 * Times::median(reading.processor) / Times::median(one.processor));
    if (sum == 0) return 1;
    return 0;
}
