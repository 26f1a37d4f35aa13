// Prints which pairs of a clip's peaks are landmarks of its recording, for eval/train_pairs.py.
//
//     pair-hits LIBRARY.txt CLIPS.txt [SHARE] > pairs.csv
//
// LIBRARY.txt lists the recordings to index and CLIPS.txt the clips to search, one path per line. For each clip whose
// recording is found with a confidence of at least 0.9, prints one row for a random SHARE (default 0.05) of its pairs:
// the clip's number, the contrasts of the two peaks, the rank of the second among the partners of the first, the
// difference between the span and its nearest whole number in frames, and which span hits: -1, 0 or 1 relative to the
// nearest, or "none".

#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <iostream>
#include <random>
#include <unordered_map>

#include "audio/decoder.hpp"
#include "fingerprint/extractor.hpp"
#include "index/both_lanes/lmdb_index.hpp"
#include "search/exact_lane.hpp"
#include "search/lookups.hpp"
#include "tools.hpp"

namespace {

using namespace audio_ident;

constexpr double kSure = 0.9;
constexpr double kSamePlace = 1.6;  // In frames.

/// The frames of each landmark in a recording.
using Landmarks = std::unordered_map<fingerprint::Key, std::vector<std::uint32_t>>;

Landmarks landmarks_of(const fingerprint::Fingerprint& recording) {
    Landmarks landmarks;
    for (const fingerprint::Landmark& one : fingerprint::reference_landmarks(recording.peaks))
        landmarks[one.key].push_back(one.frame);
    return landmarks;
}

bool hits(const Landmarks& landmarks, const search::PairQuery& query, int span, double offset_frames) {
    if (span < int{fingerprint::kMinPairFrames} || span > int{fingerprint::kMaxPairFrames}) return false;
    const auto found = landmarks.find(query.lookup(span, span).first);
    if (found == landmarks.end()) return false;
    return std::any_of(found->second.begin(), found->second.end(), [&](std::uint32_t frame) {
        return std::abs(double(frame) - offset_frames - query.frame) < kSamePlace;
    });
}

std::string rows_of(std::size_t number, const fingerprint::Clip& clip, const search::Placement& place,
                    const Landmarks& landmarks, double share) {
    std::mt19937 random(static_cast<unsigned>(number));
    std::string rows;
    const double offset = place.offset_seconds() * fingerprint::kFramesPerSecond;
    for (const search::ClipPair& pair :
         search::clip_pairs(clip, fingerprint::kQueryFanOut, fingerprint::Clip::kMaxPhases)) {
        if (double(random()) >= share * double(std::mt19937::max())) continue;
        const auto query = search::pair_query(pair, place.transform);
        if (!query) continue;
        const int nearest = query->nearest_span();
        std::string hit = "none";
        for (const int away : {1, -1, 0}) {
            if (hits(landmarks, *query, nearest + away, offset)) hit = std::to_string(away);
        }
        rows += fmt::format("{},{:.3f},{:.3f},{},{:.3f},{}\n", number, pair.first.contrast, pair.second.contrast,
                            pair.rank, query->span_frames - static_cast<float>(nearest), hit);
    }
    return rows;
}

int run(const std::vector<std::string>& library, const std::vector<std::string>& clips, double share) {
    const auto decoder = audio::make_ffmpeg_decoder();
    const auto tracks = bench::fingerprints_of(library);
    const bench::ScratchIndex index(tracks);
    const search::ExactLane lane(index.reader(), bench::executor());
    std::vector<std::string> rows(clips.size());
    bench::in_parallel(clips.size(), [&](std::size_t i) {
        const auto samples = bench::decode(*decoder, clips[i]);
        const auto evidence = lane.examine(samples, {});
        if (!evidence || evidence->empty() || evidence->front().confidence < kSure) return;
        const search::Evidence& found = evidence->front();
        rows[i] = rows_of(i, fingerprint::Clip(samples), found.match,
                          landmarks_of(tracks[bench::number_of(found.track)].fingerprint), share);
    });
    std::cout << "clip,first,second,rank,rest,hit\n";
    for (const std::string& row : rows) std::cout << row;
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3 || argc > 4) {
        std::cerr << "usage: pair-hits LIBRARY.txt CLIPS.txt [SHARE] > pairs.csv\n";
        return 2;
    }
    return run(bench::lines_of(argv[1]), bench::lines_of(argv[2]), argc > 3 ? std::atof(argv[3]) : 0.05);
}
