// Measures how well and how fast the vector graph finds neighbours:
//
//     graph-vectors LIBRARY SPACE FOLDER [CHUNKS [DIMENSION]]
//
// Fills a new index in FOLDER with chunks like those of a large library. LIBRARY is a fingerprint index whose space
// SPACE ("musicnn@1") has real vectors. Each new track has 50 chunks and is a mixture of two real tracks in changing
// proportions plus noise of its own, so tracks have neighbours as real ones do. A fixed random projection, which nearly
// preserves cosines, produces a DIMENSION that differs from the space's.
// The program then builds the graph and searches with chunks of tracks that are not in the index, one query per call,
// on one thread. It compares the graph with the exact scan of all vectors.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <set>
#include <sys/resource.h>
#include <vector>

#include "index/both_lanes/lmdb_index.hpp"
#include "support/random.hpp"
#include "tools.hpp"

namespace {

using namespace audio_ident;
using bench::milliseconds_since;
using bench::value_or_exit;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kChunksATrack = 50;
constexpr std::size_t kQueries = 300;
constexpr std::size_t kCount = 200;  // As many as the vibe lane asks for.

float normal(test::Random& random) {
    double sum = 0;
    for (int i = 0; i < 12; ++i) sum += random.uniform(-0.5, 0.5);
    return static_cast<float>(sum);
}

void make_unit(std::span<float> row) {
    double squares = 0;
    for (const float value : row) squares += double(value) * value;
    for (float& value : row) value = static_cast<float>(value / std::sqrt(squares));
}

/// Real tracks, and new tracks mixed from them.
class Tracks {
  public:
    Tracks(const std::string& folder, const std::string& space, unsigned dimension) : dimension_(dimension) {
        const auto index = value_or_exit(index::LmdbIndex::open(folder, lmdb::Access::read_only, bench::executor()));
        for (const auto& known : value_or_exit(index->vector_spaces(Deadline()))) {
            if (known.name != space) continue;
            const auto vectors = index->vectors(known);
            const auto ids = value_or_exit(vectors->writer().tracks(Deadline()));
            for (auto& track : value_or_exit(vectors->reader().vectors(ids, Deadline())))
                real_.push_back(project(track.values, known.dimension));
        }
        if (real_.size() < 2) {
            fmt::print(stderr, "{} has no vectors for the space {}\n", folder, space);
            std::exit(1);
        }
    }

    std::size_t real() const { return real_.size(); }

    std::vector<float> mixture(test::Random& random) const {
        const auto& one = real_[pick(random, real_.size())];
        const auto& other = real_[pick(random, real_.size())];
        const auto part = static_cast<float>(random.uniform(0, 1));
        const float noise = 0.4F / std::sqrt(static_cast<float>(dimension_));
        // Noise that all chunks of this track share, unlike other mixtures of the same two tracks.
        std::vector<float> own(dimension_);
        for (float& value : own) value = noise * normal(random);
        const std::size_t at_one = pick(random, one.size() / dimension_);
        const std::size_t at_other = pick(random, other.size() / dimension_);
        std::vector<float> values(kChunksATrack * dimension_);
        for (std::size_t c = 0; c < kChunksATrack; ++c) {
            for (std::size_t i = 0; i < dimension_; ++i) {
                values[c * dimension_ + i] = part * one[((at_one + c) * dimension_ + i) % one.size()] +
                                             (1 - part) * other[((at_other + c) * dimension_ + i) % other.size()] +
                                             own[i] + noise * normal(random);
            }
            make_unit(std::span(values).subspan(c * dimension_, dimension_));
        }
        return values;
    }

  private:
    static std::size_t pick(test::Random& random, std::size_t count) {
        return std::min(count - 1, static_cast<std::size_t>(random.uniform(0, 1) * double(count)));
    }

    std::vector<float> project(std::span<const float> values, unsigned from) const {
        if (from == dimension_) return {values.begin(), values.end()};
        test::Random random(5);
        std::vector<float> matrix(from * dimension_);
        for (float& value : matrix) value = normal(random);
        std::vector<float> projected(values.size() / from * dimension_);
        for (std::size_t c = 0; c < values.size() / from; ++c) {
            const auto row = std::span(projected).subspan(c * dimension_, dimension_);
            for (std::size_t i = 0; i < from; ++i) {
                for (std::size_t j = 0; j < dimension_; ++j)
                    row[j] += values[c * from + i] * matrix[i * dimension_ + j];
            }
            make_unit(row);
        }
        return projected;
    }

    std::size_t dimension_;
    std::vector<std::vector<float>> real_;
};

void fill(index::VectorIndexWriter& writer, const Tracks& tracks, std::size_t chunks, test::Random& random) {
    for (std::size_t done = 0; done < chunks;) {
        std::vector<index::TrackVectors> batch;
        for (int i = 0; i < 200 && done < chunks; ++i, done += kChunksATrack) {
            auto& track = batch.emplace_back(
                index::TrackVectors{.id = TrackId::random(), .start_seconds = {}, .values = tracks.mixture(random)});
            for (std::size_t c = 0; c < kChunksATrack; ++c) track.start_seconds.push_back(static_cast<float>(5 * c));
        }
        value_or_exit(writer.add(batch, Deadline()));
    }
}

struct Asked {
    std::vector<std::vector<index::VectorHit>> hits;  // One list per query.
    std::vector<double> milliseconds;                 // Sorted.

    std::string text() const {
        return fmt::format("median {:.2f} ms, 95 % within {:.2f} ms", milliseconds[milliseconds.size() / 2],
                           milliseconds[milliseconds.size() * 95 / 100]);
    }
};

Asked ask(index::VectorIndexReader& reader, std::span<const float> queries, std::size_t dimension) {
    Asked asked;
    reader.nearest(queries.first(dimension), kCount, {}, Deadline()).value();  // The first query also lists the tracks.
    for (std::size_t q = 0; q < queries.size() / dimension; ++q) {
        const auto begin = Clock::now();
        auto hits = value_or_exit(reader.nearest(queries.subspan(q * dimension, dimension), kCount, {}, Deadline()));
        asked.milliseconds.push_back(milliseconds_since(begin));
        asked.hits.push_back(std::move(hits.front()));
    }
    std::sort(asked.milliseconds.begin(), asked.milliseconds.end());
    return asked;
}

/// Share of the `at` best hits of the exact search that were found.
double recall(const Asked& found, const Asked& exact, std::size_t at) {
    std::size_t same = 0;
    std::size_t all = 0;
    for (std::size_t q = 0; q < exact.hits.size(); ++q) {
        std::set<std::pair<TrackId, double>> wanted;
        for (std::size_t i = 0; i < std::min(at, exact.hits[q].size()); ++i)
            wanted.emplace(exact.hits[q][i].track, exact.hits[q][i].start_seconds);
        for (std::size_t i = 0; i < std::min(at, found.hits[q].size()); ++i)
            same += wanted.count({found.hits[q][i].track, found.hits[q][i].start_seconds});
        all += wanted.size();
    }
    return double(same) / double(all);
}

double processor_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) { return double(time.tv_sec) + 1e-6 * double(time.tv_usec); };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) return 2;
    const std::size_t chunks = argc > 4 ? std::strtoul(argv[4], nullptr, 10) : 1'000'000;
    const index::VectorSpace space{"bench@1",
                                   argc > 5 ? static_cast<unsigned>(std::strtoul(argv[5], nullptr, 10)) : 512};
    const Tracks tracks(argv[1], argv[2], space.dimension);
    const auto index = value_or_exit(index::LmdbIndex::open(argv[3], lmdb::Access::read_write, bench::executor()));
    const auto by_graph = index->vectors(space, 1);
    const auto by_scan = index->vectors(space, std::size_t(-1));
    test::Random random(1);
    fill(by_graph->writer(), tracks, chunks, random);
    std::vector<float> queries;
    for (std::size_t q = 0; q < kQueries; ++q) {
        const auto track = tracks.mixture(random);
        queries.insert(queries.end(), track.begin(), track.begin() + space.dimension);
    }
    fmt::print("{} chunks of {} numbers, mixtures of {} tracks\n", chunks, space.dimension, tracks.real());

    const auto report = [&] {
        const Asked exact = ask(by_scan->reader(), queries, space.dimension);
        const Asked found = ask(by_graph->reader(), queries, space.dimension);
        fmt::print("scan   {}\n", exact.text());
        fmt::print("graph  {}; recall@10 {:.4f}, recall@{} {:.4f}\n", found.text(), recall(found, exact, 10), kCount,
                   recall(found, exact, kCount));
        std::fflush(stdout);
    };
    const auto update = [&](const char* what) {
        const double before = processor_seconds();
        value_or_exit(by_graph->update_graph(Deadline()));
        fmt::print("{} {:.0f} s of one core; {:.0f} bytes per chunk\n", what, processor_seconds() - before,
                   double(std::filesystem::file_size(std::filesystem::path(argv[3]) / (space.name + ".graph"))) /
                       double(chunks));
    };
    update("made in");
    report();
    fill(by_graph->writer(), tracks, chunks / 8, random);
    fmt::print("with {} more chunks that are not in the graph yet:\n", chunks / 8);
    report();
    update("updated in");
    report();
    return 0;
}
