// Prints the inputs of the exact lane's decision, for eval/train_confidence.py.
//
//     match-features LIBRARY.txt CLIPS.txt [PARTS…] > features.csv
//     match-features --grown INDEX LIBRARY.txt CLIPS.txt > features.csv
//
// LIBRARY.txt lists the recordings to index and CLIPS.txt the clips to search, one path per line. The clips are
// searched in the whole library. Each PART such as 1/3 adds a library of every third recording from the second on, in
// which most clips are unknown: this gives thousands of negatives, in libraries of several sizes. INDEX, made by
// bench/scale/grow-library, contains the recordings among synthetic tracks (part "grown", track "synthetic:NUMBER").
// Prints one row for each of the best tracks of each clip: the part, the path of the clip, the path of the track,
// whether the match is transformed, offset, time and pitch ratio, milliseconds of processor time, the confidence, and
// the inputs of the regression. Prints the size of the index to stderr.

#include <ctime>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>

#include "audio/decoder.hpp"
#include "fingerprint/extractor.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "search/exact_lane.hpp"
#include "tools.hpp"

namespace {

using namespace audio_ident;

constexpr std::size_t kRows = 4;  // Rows per clip.

// Processor time of this thread: the cost of a search, whatever else the machine does.
double cpu_milliseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

// Every `step`-th recording, starting at `first`.
struct Part {
    std::size_t first = 0;
    std::size_t step = 1;
};

std::optional<Part> read_part(const std::string& text) {
    Part part;
    char slash = 0;
    std::istringstream stream(text);
    if (!(stream >> part.first >> slash >> part.step) || slash != '/' || part.first >= part.step) return std::nullopt;
    return part;
}

class FeaturePrinter {
  public:
    FeaturePrinter(std::vector<std::string> library, std::vector<std::string> clips)
        : library_(std::move(library)), clips_(std::move(clips)) {}

    Result<void> print(const std::vector<Part>& parts) {
        const auto tracks = bench::fingerprints_of(library_);
        for (const Part& part : parts) {
            if (auto printed = print(part, tracks); !printed) return printed;
        }
        return {};
    }

    Result<void> print_grown(const char* folder) {
        auto index = index::LmdbIndex::open(folder, lmdb::Access::read_only, bench::executor());
        if (!index) return forward(index);
        return print("grown", (*index)->reader());
    }

  private:
    Result<void> print(const Part& part, const std::vector<index::TrackFingerprint>& tracks) {
        std::vector<index::TrackFingerprint> chosen;
        for (std::size_t i = part.first; i < tracks.size(); i += part.step) chosen.push_back(tracks[i]);
        const bench::ScratchIndex index(chosen);
        return print(fmt::format("{}/{}", part.first, part.step), index.reader());
    }

    Result<void> print(const std::string& name, index::FingerprintIndexReader& reader) {
        const auto snapshot = reader.snapshot({});
        if (!snapshot) return forward(snapshot);
        const auto& stats = (*snapshot)->stats();
        const double seconds = double(stats.frames) / fingerprint::kFramesPerSecond;
        std::cerr << fmt::format("{}: {:.2f} h, {:.1f} landmarks/s, {:.3f} MB/h\n", name, seconds / 3600,
                                 double(stats.postings) / seconds, double(stats.bytes) * 1e-6 * 3600 / seconds);
        Executor alone(0);  // so that a thread's own clock measures a search
        const search::ExactLane lane(reader, alone);
        std::vector<std::string> rows(clips_.size());
        bench::in_parallel(clips_.size(), [&](std::size_t i) { rows[i] = rows_of(lane, name, clips_[i]); });
        for (const std::string& row : rows) std::cout << row;
        return {};
    }

    std::string name_of(const TrackId& id) const {
        const std::uint64_t number = bench::number_of(id);
        return bench::kind_of(id) == bench::TrackKind::real ? library_.at(number) : fmt::format("synthetic:{}", number);
    }

    std::string rows_of(const search::ExactLane& lane, const std::string& part, const std::string& clip) const {
        const auto samples = bench::decode(*decoder_, clip);
        const double begin = cpu_milliseconds();
        const auto evidence = lane.examine(samples, {});
        const double took = cpu_milliseconds() - begin;
        if (!evidence) {
            std::cerr << clip << ": " << evidence.error().message << '\n';
            return {};
        }
        std::string rows;
        for (std::size_t rank = 0; rank < std::min(kRows, evidence->size()); ++rank) {
            const search::Evidence& found = (*evidence)[rank];
            rows += fmt::format("{},{},{},{},{:.4f},{:.5f},{:.5f},{:.2f},{:.5f},{:.5f}\n", part, clip,
                                name_of(found.track), int{found.features.transformed}, found.match.offset_seconds(),
                                found.match.transform.time, found.match.transform.pitch, took, found.confidence,
                                fmt::join(search::confidence_inputs(found.features), ","));
        }
        return rows;
    }

    std::unique_ptr<audio::Decoder> decoder_ = audio::make_ffmpeg_decoder();
    std::vector<std::string> library_;
    std::vector<std::string> clips_;
};

}  // namespace

int main(int argc, char** argv) {
    const bool grown = argc == 5 && std::string_view(argv[1]) == "--grown";
    std::vector<Part> parts{{}};
    bool usage = argc < 3;
    for (int i = 3; i < argc && !grown; ++i) {
        if (const auto part = read_part(argv[i])) parts.push_back(*part);
        else usage = true;
    }
    if (usage) {
        std::cerr << "usage: match-features LIBRARY.txt CLIPS.txt [FIRST/STEP …] > features.csv\n"
                     "       match-features --grown INDEX LIBRARY.txt CLIPS.txt > features.csv\n";
        return 2;
    }
    std::cout << "part,clip,track,transformed,offset_seconds,time_ratio,pitch_ratio,milliseconds,confidence,"
              << fmt::format("{}\n", fmt::join(search::kConfidenceInputNames, ","));
    const int lists = grown ? 3 : 1;
    FeaturePrinter printer(bench::lines_of(argv[lists]), bench::lines_of(argv[lists + 1]));
    if (const auto printed = grown ? printer.print_grown(argv[2]) : printer.print(parts); !printed) {
        std::cerr << printed.error().message << '\n';
        return 1;
    }
    return 0;
}
