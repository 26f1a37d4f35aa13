#include "timeline/sound_log.hpp"

#include <algorithm>
#include <utility>

namespace audio_ident::timeline {

namespace {

using fingerprint::kBucketFrames;

// The extractor keeps all peaks until it ends, so it ends from time to time.
constexpr std::size_t kBucketSamples = kBucketFrames * fingerprint::kHopSamples;
constexpr std::size_t kChunkBuckets = 1024;  // 9 minutes

}  // namespace

void SoundLog::consume(std::span<const float> samples) {
    while (!samples.empty()) {
        const auto part = samples.first(std::min(samples.size(), kChunkBuckets * kBucketSamples - samples_));
        samples = samples.subspan(part.size());
        extractor_.consume(part);
        samples_ += part.size();
        if (samples_ == kChunkBuckets * kBucketSamples) close_chunk(kChunkBuckets);
    }
}

PeakBuckets SoundLog::finish() {
    close_chunk((samples_ + kBucketSamples - 1) / kBucketSamples);
    return std::exchange(buckets_, PeakBuckets());
}

void SoundLog::close_chunk(std::size_t buckets) {
    const auto peaks = extractor_.finish().peaks;
    auto begin = peaks.begin();
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
        const auto end = std::find_if(
            begin, peaks.end(), [&](const fingerprint::Peak& peak) { return peak.frame / kBucketFrames > bucket; });
        buckets_.add(std::span(begin, end));
        begin = end;
    }
    samples_ = 0;
}

}  // namespace audio_ident::timeline
