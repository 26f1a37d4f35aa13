// Compares the two stores of the fingerprint index: PostgreSQL and LMDB.
//
//     compare-stores postgresql://… RECORDINGS.txt [TRACKS [FOLDER]]
//
// The database has its tables (`audio-ident db upgrade`) and no index. Adds the recordings (one path a line) and TRACKS
// synthetic tracks of 4 minutes, made from them, to both stores, as many at a time as an ingest does, and compacts
// them. Then searches the 5 s from second 20 of each recording, each followed by 5 s of noise: in PostgreSQL from a
// process that has nothing (the first 50 clips), from one that has just been started and finds a copy on disk (the
// same), then, clip by clip in turns, in LMDB and in PostgreSQL from a process that has all it needs. Prints a line of
// JSON. The answers must be equal. With FOLDER both indexes stay, LMDB's there, and are not made again.

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
namespace fs = std::filesystem;
using bench::milliseconds_since;
using Clock = std::chrono::steady_clock;
using Postgres = index::PostgresFingerprintIndex;
using Evidence = std::vector<search::Evidence>;

constexpr std::size_t kAtOnce = 16;
constexpr double kSyntheticSeconds = 240;
constexpr std::size_t kCold = 50;  ///< clips, each of a process of its own
constexpr std::size_t kClipBegin = 20;
constexpr std::size_t kClipSeconds = 5;

struct Library {
    std::vector<std::string> paths;
    std::size_t synthetic = 0;
    std::vector<index::TrackFingerprint> recordings = {};  ///< decoded when they are needed
};

/// Removes a folder at the end unless it is to stay.
class Folder {
  public:
    explicit Folder(const char* kept)
        : path_(kept ? fs::path(kept) : fs::temp_directory_path() / ("audio-ident-" + Uuid::random().to_string())),
          stays_(kept != nullptr) {
        fs::create_directories(path_);
    }
    ~Folder() {
        std::error_code ignored;
        if (!stays_) fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    fs::path operator/(const char* name) const { return path_ / name; }

  private:
    const fs::path path_;
    const bool stays_;
};

std::vector<fingerprint::Fingerprint> prints_of(const std::vector<index::TrackFingerprint>& tracks) {
    std::vector<fingerprint::Fingerprint> prints;
    for (const auto& track : tracks) prints.push_back(track.fingerprint);
    return prints;
}

/// The milliseconds that the writer needs; 0 when the index is there.
double fill(index::FingerprintIndexWriter& writer, Library& library) {
    double spent = 0;
    if (!bench::value_or_exit(writer.tracks({})).empty()) return spent;
    if (library.recordings.empty()) library.recordings = bench::fingerprints_of(library.paths);
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
    /// How many times as long as the other one it took: the median of all clips.
    double times(const Searched& other) const {
        Searched ratios;
        for (std::size_t i = 0; i < milliseconds.size(); ++i)
            ratios.milliseconds.push_back(milliseconds[i] / other.milliseconds[i]);
        return ratios.at(0.5);
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

/// Asks in processes that have just been started. Their milliseconds contain opening the index.
Searched ask_cold(const Postgres::Settings& settings, std::span<const std::vector<float>> clips) {
    Searched searched;
    for (const auto& clip : clips) {
        const auto begin = Clock::now();
        const auto index = bench::value_or_exit(Postgres::open(settings, Postgres::IfMissing::refuse, {}));
        const double opened = milliseconds_since(begin);
        ask(index->reader(), clip, searched);
        searched.milliseconds.back() += opened;
    }
    return searched;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3 || argc > 5) {
        std::cerr << "usage: compare-stores postgresql://… RECORDINGS.txt [TRACKS [FOLDER]]\n";
        return 2;
    }
    const Folder folder(argc > 4 ? argv[4] : nullptr);
    Library library{bench::lines_of(argv[2]), argc > 3 ? static_cast<std::size_t>(std::atoll(argv[3])) : 0};
    const auto lmdb =
        bench::value_or_exit(index::LmdbIndex::open(folder / "lmdb", lmdb::Access::read_write, bench::executor()));
    const double lmdb_filled = fill(lmdb->writer(), library);
    const Postgres::Settings without{.url = argv[1], .cache_bytes = std::size_t{4} << 30};
    const auto open = [](const Postgres::Settings& settings) {
        return bench::value_or_exit(Postgres::open(settings, Postgres::IfMissing::create, {}));
    };
    const double postgres_filled = fill(open(without)->writer(), library);
    const auto clips = clips_of(library.paths);
    const auto some = std::span(clips).first(std::min(kCold, clips.size()));

    const Searched cold = ask_cold(without, some);
    Postgres::Settings with = without;
    with.copy = {.folder = folder / "copy",
                 .most_bytes = std::uint64_t{1} << 40,
                 .executor = &bench::executor(),
                 .warn = [](const std::string& message) { std::cerr << message << '\n'; }};
    const auto begin = Clock::now();
    ask_cold(with, some.first(1));
    const double copied = milliseconds_since(begin);
    const Searched from_copy = ask_cold(with, some);

    const auto postgres = open(with);
    Searched here;
    Searched warm;
    std::uint64_t before = 0;
    for (int turn = 0; turn < 2; ++turn) {  // the second one is measured
        here = warm = {};
        before = postgres->statements();
        for (std::size_t i = 0; i < clips.size(); ++i) {
            // Who comes second finds the clip in the processor's caches.
            if (i % 4 < 2) ask(postgres->reader(), clips[i], warm), ask(lmdb->reader(), clips[i], here);
            else ask(lmdb->reader(), clips[i], here), ask(postgres->reader(), clips[i], warm);
        }
    }
    const double statements = double(postgres->statements() - before) / double(clips.size());

    const auto here_stats = bench::value_or_exit(lmdb->reader().snapshot({}))->stats();
    const auto there_stats = bench::value_or_exit(postgres->reader().snapshot({}))->stats();
    std::cout << fmt::format(
        "{{\"tracks\": {}, \"postings\": {}, \"lmdb_bytes\": {}, \"postgresql_bytes\": {}, \"lmdb_filled_ms\": {:.0f}, "
        "\"postgresql_filled_ms\": {:.0f}, \"clips\": {}, \"lmdb_ms\": {:.2f}, \"lmdb_p95_ms\": {:.2f}, "
        "\"cold_ms\": {:.2f}, \"cold_p95_ms\": {:.2f}, \"first_copy_ms\": {:.0f}, \"copy_ms\": {:.2f}, "
        "\"copy_p95_ms\": {:.2f}, \"warm_ms\": {:.2f}, \"warm_p95_ms\": {:.2f}, "
        "\"warm_times\": {:.3f}, \"warm_statements\": {:.2f}, \"equal\": {}}}\n",
        here_stats.tracks, here_stats.postings, here_stats.bytes, there_stats.bytes, lmdb_filled, postgres_filled,
        clips.size(), here.at(0.5), here.at(0.95), cold.at(0.5), cold.at(0.95), copied, from_copy.at(0.5),
        from_copy.at(0.95), warm.at(0.5), warm.at(0.95), warm.times(here), statements,
        here.agrees_with(warm) && here.agrees_with(cold) && here.agrees_with(from_copy));
}
