// Prints what the exact lane's decision sees, for eval/train_confidence.py.
//
//     match-features LIBRARY.txt CLIPS.txt [PARTS…] > features.csv
//
// LIBRARY.txt names the recordings to index, CLIPS.txt the clips to search, a path a line. The clips are searched in the
// whole library, and for each PART such as 1/3 in a library of every third recording from the second on, so that most are
// unknown there: negatives by the thousand, in libraries of several sizes. A row for each of the best tracks of each clip:
// the part, the clip's path, the track's, whether the match is transformed, offset, time and pitch ratio, milliseconds of processor time, the
// confidence, and the regression's inputs. On the standard error, the index's size.

#include <atomic>
#include <ctime>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>
#include <thread>
#include <unordered_map>

#include "audio/decoder.hpp"
#include "fingerprint/extractor.hpp"
#include "index/fingerprint/lmdb_index.hpp"
#include "search/exact_lane.hpp"

namespace {

using namespace audio_ident;

constexpr std::size_t kRows = 4;  // a clip

std::vector<std::string> lines_of(const char* path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty()) lines.push_back(line);
    }
    return lines;
}

std::vector<float> decode(const audio::Decoder& decoder, const std::string& path) {
    std::vector<float> samples;
    const auto done = decoder.decode(std::filesystem::path(path), {}, [&](std::span<const float> block) {
        samples.insert(samples.end(), block.begin(), block.end());
        return audio::Flow::proceed;
    });
    if (!done) std::cerr << done.error().message << '\n';
    return samples;
}

// Of this thread: what a search costs, whatever else the machine does.
double cpu_milliseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

// Calls work(i) for all i below count, on all cores.
template <typename Work>
void in_parallel(std::size_t count, Work&& work) {
    std::atomic<std::size_t> next{0};
    const auto run = [&] {
        for (std::size_t i = next++; i < count; i = next++) work(i);
    };
    std::vector<std::jthread> threads;
    for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) threads.emplace_back(run);
    run();
}

// Every `step`-th recording from `first` on.
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
        : library_(std::move(library)), clips_(std::move(clips)), tracks_(library_.size()) {
        in_parallel(library_.size(), [&](std::size_t i) {
            fingerprint::Extractor extractor;
            extractor.consume(decode(*decoder_, library_[i]));
            tracks_[i] = {TrackId::random(), extractor.finish()};
            std::lock_guard lock(mutex_);
            number_of_[tracks_[i].id] = i;
        });
    }

    Result<void> print(const Part& part) {
        const auto folder =
            std::filesystem::temp_directory_path() / ("match-features-" + TrackId::random().to_string());
        const std::unique_ptr<void, std::function<void(void*)>> removal(
            &library_, [&](void*) { std::filesystem::remove_all(folder); });
        auto index = index::LmdbFingerprintIndex::open(folder, lmdb::Access::read_write);
        if (!index) return forward(index);
        std::vector<index::TrackFingerprint> chosen;
        for (std::size_t i = part.first; i < tracks_.size(); i += part.step) chosen.push_back(tracks_[i]);
        if (auto added = (*index)->writer().add(chosen, {}); !added) return forward(added);
        if (auto compacted = (*index)->writer().compact({}); !compacted) return forward(compacted);
        if (auto snapshot = (*index)->reader().snapshot({})) {
            const auto& stats = (*snapshot)->stats();
            const double seconds = double(stats.frames) / fingerprint::kFramesPerSecond;
            std::cerr << fmt::format("{}/{}: {:.2f} h, {:.1f} landmarks/s, {:.3f} MB/h\n", part.first, part.step,
                                     seconds / 3600, double(stats.postings) / seconds,
                                     double(stats.bytes) * 1e-6 * 3600 / seconds);
        }
        const search::ExactLane lane((*index)->reader());
        std::vector<std::string> rows(clips_.size());
        in_parallel(clips_.size(), [&](std::size_t i) { rows[i] = rows_of(lane, part, clips_[i]); });
        for (const std::string& row : rows) std::cout << row;
        return {};
    }

  private:
    std::string rows_of(const search::ExactLane& lane, const Part& part, const std::string& clip) const {
        const auto samples = decode(*decoder_, clip);
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
            rows += fmt::format("{}/{},{},{},{},{:.4f},{:.5f},{:.5f},{:.2f},{:.5f},{:.5f}\n", part.first, part.step,
                                clip, library_[number_of_.at(found.track)], int{found.features.transformed},
                                found.alignment.offset_seconds(), found.alignment.transform.time,
                                found.alignment.transform.pitch, took, found.confidence,
                                fmt::join(search::confidence_inputs(found.features), ","));
        }
        return rows;
    }

    std::unique_ptr<audio::Decoder> decoder_ = audio::make_ffmpeg_decoder();
    std::vector<std::string> library_;
    std::vector<std::string> clips_;
    std::vector<index::TrackFingerprint> tracks_;
    std::mutex mutex_;
    std::unordered_map<TrackId, std::size_t> number_of_;
};

}  // namespace

int main(int argc, char** argv) {
    std::vector<Part> parts{{}};
    bool usage = argc < 3;
    for (int i = 3; i < argc; ++i) {
        if (const auto part = read_part(argv[i])) parts.push_back(*part);
        else usage = true;
    }
    if (usage) {
        std::cerr << "usage: match-features LIBRARY.txt CLIPS.txt [FIRST/STEP …] > features.csv\n";
        return 2;
    }
    FeaturePrinter printer(lines_of(argv[1]), lines_of(argv[2]));
    std::cout << "part,clip,track,transformed,offset_seconds,time_ratio,pitch_ratio,milliseconds,confidence,"
              << fmt::format("{}\n", fmt::join(search::kConfidenceInputNames, ","));
    for (const Part& part : parts) {
        if (const auto printed = printer.print(part); !printed) {
            std::cerr << printed.error().message << '\n';
            return 1;
        }
    }
    return 0;
}
