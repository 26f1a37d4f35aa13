// Compares the two stores of the fingerprint index: PostgreSQL and LMDB.
//
//     compare-stores postgresql://… RECORDINGS.txt [TRACKS]
//
// The database has its tables (`audio-ident db upgrade`) and no index. Adds the recordings (one path a line) and TRACKS
// synthetic tracks of 4 minutes, made from them, to both stores, as many at a time as an ingest does, and compacts
// them. Then searches the 5 s from second 20 of each recording, each followed by 5 s of noise: in PostgreSQL from a
// process that has no shards (the first 50 clips), then, clip by clip in turns, in LMDB and in PostgreSQL from a
// process that has all shards. Prints a line of JSON. The answers must be equal.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <iostream>

#include "index/fingerprint/postgres_fingerprint_index.hpp"
#include "scale/synthetic_tracks.hpp"
#include "search/exact_lane.hpp"
#include "support/synth.hpp"
#include "tools.hpp"

namespace {

using namespace audio_ident;
using bench::milliseconds_since;
using Clock = std::chrono::steady_clock;
using Postgres = index::PostgresFingerprintIndex;
using Evidence = std::vector<search::Evidence>;

constexpr std::size_t kAtOnce = 16;
constexpr double kSyntheticSeconds = 240;
constexpr std::size_t kCold = 50;  ///< clips; each reads the whole index
constexpr std::size_t kClipBegin = 20;
constexpr std::size_t kClipSeconds = 5;

struct Library {
    std::vector<index::TrackFingerprint> recordings;
    std::size_t synthetic = 0;
};

std::vector<fingerprint::Fingerprint> prints_of(const std::vector<index::TrackFingerprint>& tracks) {
    std::vector<fingerprint::Fingerprint> prints;
    for (const auto& track : tracks) prints.push_back(track.fingerprint);
    return prints;
}

/// The milliseconds that the writer needs.
double fill(index::FingerprintIndexWriter& writer, const Library& library) {
    double spent = 0;
    const auto timed = [&](const auto& write) {
        const auto begin = Clock::now();
        bench::value_or_exit(write());
        spent += milliseconds_since(begin);
    };
    const std::span<const index::TrackFingerprint> recordings = library.recordings;
    for (std::size_t i = 0; i < recordings.size(); i += kAtOnce)
        timed([&] { return writer.add(recordings.subspan(i, std::min(kAtOnce, recordings.size() - i)), {}); });
    const bench::SyntheticTracks source(prints_of(library.recordings));
    for (std::size_t first = 0; first < library.synthetic; first += kAtOnce) {
        std::vector<index::TrackFingerprint> tracks(std::min(kAtOnce, library.synthetic - first));
        bench::in_parallel(tracks.size(), [&](std::size_t i) {
            tracks[i] = {bench::make_id(bench::TrackKind::synthetic, first + i),
                         source.make(first + i, std::uint32_t(kSyntheticSeconds * fingerprint::kFramesPerSecond))};
        });
        timed([&] { return writer.add(tracks, {}); });
    }
    timed([&] { return writer.compact({}); });
    return spent;
}

std::vector<std::vector<float>> clips_of(const std::vector<std::string>& paths) {
    const auto decoder = audio::make_ffmpeg_decoder();
    constexpr std::size_t kRate = fingerprint::kSampleRateHz;
    std::vector<std::vector<float>> clips;
    for (const std::string& path : paths) {
        const auto samples = bench::decode(*decoder, path);
        if (samples.size() < (kClipBegin + kClipSeconds) * kRate) continue;
        const auto begin = samples.begin() + kClipBegin * kRate;
        clips.emplace_back(begin, begin + kClipSeconds * kRate);
        clips.push_back(test::noise(clips.size(), double(kClipSeconds), kRate, 0.1).samples);
    }
    return clips;
}

struct Searched {
    std::vector<double> milliseconds;
    std::vector<Evidence> answers;

    double at(double share) const {
        auto sorted = milliseconds;
        std::sort(sorted.begin(), sorted.end());
        return sorted[static_cast<std::size_t>(share * double(sorted.size() - 1))];
    }
    /// Whether the clips that both have searched got the same answers.
    bool agrees_with(const Searched& other) const {
        const auto both = std::ptrdiff_t(std::min(answers.size(), other.answers.size()));
        return std::equal(
            answers.begin(), answers.begin() + both, other.answers.begin(), [](const Evidence& a, const Evidence& b) {
                return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
                    return x.track == y.track && x.confidence == y.confidence && x.match.z == y.match.z &&
                           x.match.offset_frames == y.match.offset_frames;
                });
            });
    }
};

void ask(index::FingerprintIndexReader& reader, const std::vector<float>& clip, Searched& searched) {
    const search::ExactLane lane(reader, bench::executor());
    const auto begin = Clock::now();
    searched.answers.push_back(bench::value_or_exit(lane.examine(clip, {})));
    searched.milliseconds.push_back(milliseconds_since(begin));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3 || argc > 4) {
        std::cerr << "usage: compare-stores postgresql://… RECORDINGS.txt [TRACKS]\n";
        return 2;
    }
    const Postgres::Settings settings{.url = argv[1], .cache_bytes = std::size_t{1} << 30};
    const auto open = [&] { return bench::value_or_exit(Postgres::open(settings, Postgres::IfMissing::create, {})); };
    const auto paths = bench::lines_of(argv[2]);
    const Library library{bench::fingerprints_of(paths), argc == 4 ? static_cast<std::size_t>(std::atoll(argv[3])) : 0};
    const bench::ScratchIndex lmdb({});
    const double lmdb_filled = fill(lmdb.writer(), library);
    const double postgres_filled = fill(open()->writer(), library);
    const auto clips = clips_of(paths);

    Searched cold;
    for (std::size_t i = 0; i < std::min(kCold, clips.size()); ++i) ask(open()->reader(), clips[i], cold);
    const auto postgres = open();
    Searched here;
    Searched warm;
    for (const auto& clip : clips) ask(postgres->reader(), clip, warm), ask(lmdb.reader(), clip, here);
    here = warm = {};
    const std::uint64_t before = postgres->statements();
    for (const auto& clip : clips) ask(postgres->reader(), clip, warm), ask(lmdb.reader(), clip, here);
    const double statements = double(postgres->statements() - before) / double(clips.size());

    const auto here_stats = bench::value_or_exit(lmdb.reader().snapshot({}))->stats();
    const auto there_stats = bench::value_or_exit(postgres->reader().snapshot({}))->stats();
    std::cout << fmt::format(
        "{{\"tracks\": {}, \"postings\": {}, \"lmdb_bytes\": {}, \"postgresql_bytes\": {}, \"lmdb_filled_ms\": {:.0f}, "
        "\"postgresql_filled_ms\": {:.0f}, \"clips\": {}, \"lmdb_ms\": {:.2f}, \"lmdb_p95_ms\": {:.2f}, "
        "\"cold_ms\": {:.2f}, \"cold_p95_ms\": {:.2f}, \"warm_ms\": {:.2f}, \"warm_p95_ms\": {:.2f}, "
        "\"warm_statements\": {:.2f}, \"equal\": {}}}\n",
        here_stats.tracks, here_stats.postings, here_stats.bytes, there_stats.bytes, lmdb_filled, postgres_filled,
        clips.size(), here.at(0.5), here.at(0.95), cold.at(0.5), cold.at(0.95), warm.at(0.5), warm.at(0.95), statements,
        here.agrees_with(warm) && here.agrees_with(cold));
}
