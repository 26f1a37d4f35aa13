// What it costs to look for unknown sounds that come again.
//
//     time-sounds HOURS RECORDING...
//
// A station that plays the recordings one after the other, none of them known, until the hours are over; each time they
// begin again they are some semitone higher than before, so that nothing is heard twice. Prints the processor time of
// looking at all of it, as after a start of the service, and at the last ten minutes, as every ten minutes; and the
// peak of memory. In one process without the sandbox.

#include <cstdlib>
#include <fmt/format.h>
#include <sys/resource.h>

#include "fingerprint/params.hpp"
#include "monitor/unknown_sounds/sound_finder.hpp"
#include "timeline/sound_log.hpp"
#include "tools.hpp"

namespace {

using namespace audio_ident;

timeline::PeakBuckets sound_of(int count, char** recordings) {
    const auto decoder = audio::make_ffmpeg_decoder();
    audio::DecodeOptions options;
    options.sample_rate_hz = fingerprint::kSampleRateHz;
    timeline::SoundLog log;
    for (int i = 0; i < count; ++i) {
        bench::value_or_exit(
            decoder->decode(std::filesystem::path(recordings[i]), options, [&](std::span<const float> samples) {
                log.consume(samples);
                return audio::Flow::proceed;
            }));
    }
    return log.finish();
}

/// Adds a bucket with all peaks some bins higher.
void add_higher(const timeline::PeakBuckets& sound, std::size_t bucket, std::size_t bins, timeline::PeakBuckets& to) {
    std::vector<fingerprint::Peak> peaks;
    sound.get(bucket, bucket + 1, peaks);
    std::erase_if(peaks, [&](const auto& peak) { return peak.bin + bins >= fingerprint::kBins; });
    for (auto& peak : peaks) peak.bin = static_cast<std::uint16_t>(peak.bin + bins);
    to.add(peaks);
}

}  // namespace

int main(int argc, char** argv) {
    const double hours = argc > 2 ? std::atof(argv[1]) : 0;
    if (hours <= 0) {
        fmt::print(stderr, "time-sounds HOURS RECORDING...\n");
        return 2;
    }
    const auto sound = sound_of(argc - 2, argv + 2);
    const auto begin = catalog::Timestamp(std::chrono::hours(500'000));
    monitor::HeardHours heard;
    heard.pieces.push_back({begin, timeline::PeakBuckets()});
    auto& station = heard.pieces.front();
    for (std::size_t i = 0; monitor::end_of(station) < begin + std::chrono::seconds(long(hours * 3600)); ++i)
        add_higher(sound, i % sound.size(), 9 * (i / sound.size()), station.sound);
    for (const auto compared : {begin, monitor::end_of(station) - std::chrono::minutes(10)}) {
        heard.compared_until = compared;
        const double before = bench::processor_seconds();
        const auto found = monitor::find_sounds(heard, {});
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        fmt::print("the last {:.0f} min of {:.1f} h: {:.2f} s of processor time, {} sounds, {} MB\n",
                   std::chrono::duration<double>(monitor::end_of(station) - compared).count() / 60, hours,
                   bench::processor_seconds() - before, found.changes.put.size(), usage.ru_maxrss / 1024);
    }
}
