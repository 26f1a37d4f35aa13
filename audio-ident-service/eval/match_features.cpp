// Prints what the exact lane's decision sees, for eval/train_confidence.py.
//
//     match-features LIBRARY.txt CLIPS.txt > features.csv
//
// LIBRARY.txt names the recordings to index, CLIPS.txt the clips to search, a path a line. A row for each of the best
// tracks of each clip: the clip's path, the track's, whether the match is transformed, offset, time and pitch ratio, milliseconds, and the
// regression's inputs.

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <iostream>
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

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: match-features LIBRARY.txt CLIPS.txt > features.csv\n";
        return 2;
    }
    const auto library = lines_of(argv[1]);
    const auto clips = lines_of(argv[2]);
    const auto decoder = audio::make_ffmpeg_decoder();
    const auto folder = std::filesystem::temp_directory_path() / ("match-features-" + TrackId::random().to_string());
    auto index = index::LmdbFingerprintIndex::open(folder, lmdb::Access::read_write);
    if (!index) {
        std::cerr << index.error().message << '\n';
        return 1;
    }
    std::vector<index::TrackFingerprint> tracks(library.size());
    in_parallel(library.size(), [&](std::size_t i) {
        fingerprint::Extractor extractor;
        extractor.consume(decode(*decoder, library[i]));
        tracks[i] = {TrackId::random(), extractor.finish()};
    });
    if (auto added = (*index)->writer().add(tracks, {}); !added) {
        std::cerr << added.error().message << '\n';
        return 1;
    }
    std::unordered_map<TrackId, std::size_t> number_of;
    for (std::size_t i = 0; i < tracks.size(); ++i) number_of[tracks[i].id] = i;

    const search::ExactLane lane((*index)->reader());
    std::vector<std::string> rows(clips.size());
    in_parallel(clips.size(), [&](std::size_t i) {
        const auto samples = decode(*decoder, clips[i]);
        const auto begin = std::chrono::steady_clock::now();
        const auto evidence = lane.examine(samples, {});
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
        if (!evidence) {
            std::cerr << clips[i] << ": " << evidence.error().message << '\n';
            return;
        }
        for (std::size_t rank = 0; rank < std::min(kRows, evidence->size()); ++rank) {
            const search::Evidence& found = (*evidence)[rank];
            rows[i] += fmt::format("{},{},{},{:.4f},{:.5f},{:.5f},{:.2f},{:.5f},{:.5f}", clips[i],
                                   library[number_of.at(found.track)], int{found.features.transformed},
                                   found.alignment.offset_seconds(), found.alignment.transform.time,
                                   found.alignment.transform.pitch, took.count(), found.confidence,
                                   fmt::join(search::confidence_inputs(found.features), ","));
            rows[i] += '\n';
        }
    });
    std::cout << "clip,track,transformed,offset_seconds,time_ratio,pitch_ratio,milliseconds,confidence,"
              << fmt::format("{}\n", fmt::join(search::kConfidenceInputNames, ","));
    for (const std::string& row : rows) std::cout << row;
    std::filesystem::remove_all(folder);
    return 0;
}
