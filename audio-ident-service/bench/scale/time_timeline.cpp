// How fast a timeline is made against an index that grow-library made.
//
//     time-timeline INDEX RECORDING...
//
// Decodes each recording while its timeline is made, as the program does, in one process without the sandbox. Prints a
// line per recording: its seconds, the processor time of all threads, their quotient (real time / processor time), and
// how many of the entries are real and synthetic tracks.

#include <algorithm>
#include <fmt/format.h>

#include "fingerprint/params.hpp"
#include "timeline/session.hpp"
#include "tools.hpp"

namespace {

using namespace audio_ident;

timeline::Timeline hear(index::FingerprintIndexReader& reader, const std::string& recording) {
    auto session = bench::value_or_exit(timeline::Session::open(reader, bench::executor(), {.keeps_sound = true}));
    audio::DecodeOptions options;
    options.sample_rate_hz = fingerprint::kSampleRateHz;
    const auto decoder = audio::make_ffmpeg_decoder();
    bench::value_or_exit(
        decoder->decode(std::filesystem::path(recording), options, [&](std::span<const float> samples) {
            bench::value_or_exit(session.consume(samples));
            return audio::Flow::proceed;
        }));
    return bench::value_or_exit(session.finish());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        fmt::print(stderr, "time-timeline INDEX RECORDING...\n");
        return 2;
    }
    const auto index =
        bench::value_or_exit(index::LmdbIndex::open(argv[1], lmdb::Access::read_only, bench::executor()));
    for (int i = 2; i < argc; ++i) {
        const double begin = bench::processor_seconds();
        const auto timeline = hear(index->reader(), argv[i]);
        const double spent = bench::processor_seconds() - begin;
        const auto real = std::ranges::count_if(timeline.entries, [](const timeline::Entry& entry) {
            return bench::kind_of(entry.track) == bench::TrackKind::real;
        });
        fmt::print("{:.0f} s, {:.1f} s of processor time, {:.0f} x real time, {} real, {} synthetic: {}\n",
                   timeline.seconds, spent, timeline.seconds / spent, real, std::ssize(timeline.entries) - real,
                   argv[i]);
    }
}
