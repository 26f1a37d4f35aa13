// Grows a fingerprint index to a size for which no real music is available. bench/scale.py runs it.
//
//     grow-library INDEX REAL.txt SEEDS.txt TRACKS [SECONDS]
//
// If the index is empty, adds the recordings listed in REAL.txt (one path per line). Then adds synthetic tracks of
// SECONDS (default 240), made from the recordings in SEEDS.txt, until the index contains TRACKS of them. It may be
// interrupted and run again. Prints one line of JSON.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <iostream>

#include "fingerprint/extractor.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "scale/synthetic_tracks.hpp"
#include "tools.hpp"

namespace {

using namespace audio_ident;
using bench::TrackKind;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kSecondsAtOnce = 6'000 * 240;  // One segment, about 4 GB of memory.

double since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

template <typename T>
T require(Result<T> result) {
    if (!result) {
        std::cerr << result.error().message << '\n';
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::vector<fingerprint::Fingerprint> fingerprints(const std::vector<std::string>& paths) {
    std::vector<fingerprint::Fingerprint> found;
    for (auto& track : bench::fingerprints_of(paths)) found.push_back(std::move(track.fingerprint));
    return found;
}

void add_synthetic(index::FingerprintIndexWriter& writer, const bench::SyntheticTracks& source, std::uint64_t first,
                   std::uint64_t count, double seconds) {
    const auto frames = static_cast<std::uint32_t>(seconds * fingerprint::kFramesPerSecond);
    std::vector<index::TrackFingerprint> tracks(count);
    bench::in_parallel(count, [&](std::size_t i) {
        tracks[i] = {bench::make_id(TrackKind::synthetic, first + i), source.make(first + i, frames)};
    });
    require(writer.add(tracks, {}));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 5) {
        std::cerr << "usage: grow-library INDEX REAL.txt SEEDS.txt TRACKS [SECONDS]\n";
        return 2;
    }
    const auto wanted = static_cast<std::uint64_t>(std::atoll(argv[4]));
    const double seconds = argc > 5 ? std::atof(argv[5]) : 240;
    const auto index = require(index::LmdbIndex::open(argv[1], lmdb::Access::read_write, bench::executor()));
    index::FingerprintIndexWriter& writer = index->writer();
    const auto ids = require(writer.tracks({}));
    const auto synthetic = static_cast<std::uint64_t>(std::count_if(
        ids.begin(), ids.end(), [](const TrackId& id) { return bench::kind_of(id) == TrackKind::synthetic; }));
    if (synthetic == ids.size()) require(writer.add(bench::fingerprints_of(bench::lines_of(argv[2])), {}));

    double adding = 0;
    if (synthetic < wanted) {
        const bench::SyntheticTracks source(fingerprints(bench::lines_of(argv[3])));
        const auto begin = Clock::now();
        const auto at_once = static_cast<std::uint64_t>(static_cast<double>(kSecondsAtOnce) / seconds);
        for (std::uint64_t first = synthetic; first < wanted; first += at_once) {
            add_synthetic(writer, source, first, std::min(at_once, wanted - first), seconds);
            std::cerr << fmt::format("{} tracks, {:.0f} s\n", std::min(first + at_once, wanted), since(begin));
        }
        adding = since(begin);
    }
    const auto begin = Clock::now();
    require(writer.compact({}));
    const double compacting = since(begin);

    const auto snapshot = require(index->reader().snapshot({}));
    const index::IndexStats& stats = snapshot->stats();
    const double hours = static_cast<double>(stats.frames) / fingerprint::kFramesPerSecond / 3600;
    fmt::print(
        "{{\"tracks\": {}, \"added\": {}, \"hours\": {:.3f}, \"postings\": {}, \"segments\": {}, \"bytes\": {}, "
        "\"adding_seconds\": {:.1f}, \"compacting_seconds\": {:.1f}}}\n",
        stats.tracks, wanted > synthetic ? wanted - synthetic : 0, hours, stats.postings, stats.segments, stats.bytes,
        adding, compacting);
    return 0;
}
