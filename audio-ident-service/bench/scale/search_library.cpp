// Searches clips in an index that grow-library made. bench/scale.py runs it and judges the answers.
//
//     search-library INDEX CLIPS.txt warm|cold > answers.csv
//
// Prints one row per clip: its number, starting at 0; milliseconds to open the index, for the first search, for the
// same search again, and of processor time during that second search (the time on an otherwise idle machine); the
// number of postings with exactly the clip's landmarks; the best match (kind "real" or "synthetic", number), its offset
// and its confidence. "cold" drops the index's pages from memory and reopens it for each clip.

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <fmt/format.h>
#include <iostream>
#include <unistd.h>

#include "fingerprint/extractor.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "search/exact_lane.hpp"
#include "tools.hpp"

namespace {

using namespace audio_ident;
using bench::milliseconds_since;
using Clock = std::chrono::steady_clock;

// Only works for pages that no process has mapped and that are already on disk.
void drop_from_memory(const std::string& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    ::close(descriptor);
}

// How many postings the index has for the clip's landmarks. Every search method must read at least these.
std::size_t postings_of(const index::FingerprintSnapshot& snapshot, std::span<const float> samples) {
    fingerprint::Extractor extractor;
    extractor.consume(samples);
    std::vector<index::Lookup> lookups;
    for (const auto& landmark : fingerprint::reference_landmarks(extractor.finish().peaks)) {
        lookups.push_back({landmark.key, landmark.key, 0});
    }
    std::sort(lookups.begin(), lookups.end());
    std::size_t found = 0;
    std::vector<std::uint32_t> offsets;
    for (std::size_t segment = 0; segment < snapshot.segments().size(); ++segment) {
        offsets.clear();
        snapshot.find(segment, lookups, 0, offsets);
        found += offsets.size();
    }
    return found;
}

// An index, opened as the program opens it at start.
struct Library {
    explicit Library(const std::string& folder) {
        const auto begin = Clock::now();
        auto opened = index::LmdbIndex::open(folder, lmdb::Access::read_only, bench::executor());
        if (!opened) {
            std::cerr << opened.error().message << '\n';
            std::exit(1);
        }
        index = std::move(*opened);
        if (auto snapshot = index->reader().snapshot({}); !snapshot) {
            std::cerr << snapshot.error().message << '\n';
            std::exit(1);
        }
        opening = milliseconds_since(begin);
    }

    std::unique_ptr<index::LmdbIndex> index;
    double opening = 0;
};

std::string describe(const std::vector<search::RecordingMatch>& matches) {
    if (matches.empty()) return ",,,";
    const search::RecordingMatch& best = matches.front();
    return fmt::format("{},{},{:.4f},{:.6f}",
                       bench::kind_of(best.track) == bench::TrackKind::real ? "real" : "synthetic",
                       bench::number_of(best.track), best.offset_seconds, best.confidence);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string mode = argc == 4 ? argv[3] : "";
    if (mode != "warm" && mode != "cold") {
        std::cerr << "usage: search-library INDEX CLIPS.txt warm|cold\n";
        return 2;
    }
    const std::string folder = argv[1];
    const auto decoder = audio::make_ffmpeg_decoder();
    auto library = std::make_unique<Library>(folder);
    search::ExactOptions options;
    options.min_confidence = 0;
    std::cout << "clip,open_ms,first_ms,again_ms,again_cpu_ms,postings,kind,number,offset_seconds,confidence\n";
    const auto clips = bench::lines_of(argv[2]);
    for (std::size_t i = 0; i < clips.size(); ++i) {
        const auto samples = bench::decode(*decoder, clips[i]);
        if (mode == "cold") {
            library.reset();
            drop_from_memory(folder + "/data.mdb");
            library = std::make_unique<Library>(folder);
        }
        const search::ExactLane lane(library->index->reader(), bench::executor());
        auto begin = Clock::now();
        const auto first = lane.search(samples, options);
        const double first_ms = milliseconds_since(begin);
        begin = Clock::now();
        const double processor_begin = bench::processor_seconds();
        const auto again = lane.search(samples, options);
        const double again_cpu_ms = 1e3 * (bench::processor_seconds() - processor_begin);
        const double again_ms = milliseconds_since(begin);
        if (!first || !again) {
            std::cerr << clips[i] << ": " << (first ? again : first).error().message << '\n';
            continue;
        }
        const std::size_t postings = postings_of(**library->index->reader().snapshot({}), samples);
        std::cout << fmt::format("{},{:.3f},{:.3f},{:.3f},{:.3f},{},{}\n", i, library->opening, first_ms, again_ms,
                                 again_cpu_ms, postings, describe(*again));
    }
    return 0;
}
