#include "monitor/rolling/chunk_maker.hpp"

#include <algorithm>
#include <utility>

#include "fingerprint/landmark.hpp"

namespace audio_ident::monitor {
namespace {

constexpr std::size_t kLeadSamples = kLeadBuckets * kBucketSamples;
constexpr auto kLead = static_cast<std::ptrdiff_t>(kLeadSamples);
constexpr std::size_t kChunkSamples = kChunkBuckets * kBucketSamples;
constexpr std::size_t kBetweenGiving = 10 * std::size_t{fingerprint::kSampleRateHz};
constexpr std::size_t kBeforeFirst = 30 * std::size_t{fingerprint::kSampleRateHz};

}  // namespace

void ChunkMaker::consume(std::span<const float> samples) {
    while (!samples.empty()) {
        const auto part = samples.first(std::min(samples.size(), kChunkSamples - in_chunk_));
        samples = samples.subspan(part.size());
        extractor_.consume(part);
        samples_ += static_cast<std::int64_t>(part.size());
        in_chunk_ += part.size();
        tail_.insert(tail_.end(), part.begin(), part.end());
        if (tail_.size() > 2 * kLeadSamples) tail_.erase(tail_.begin(), tail_.end() - kLead);
        if (in_chunk_ == kChunkSamples) {
            give(extractor_.finish());
            begin_ = time_of_(samples_ - kLead);
            begin_next();
        } else if (in_chunk_ >= given_ + (given_ == 0 ? kBeforeFirst : kBetweenGiving)) {
            give(fingerprint::Extractor(extractor_).finish());
        }
    }
}

void ChunkMaker::cut() {
    if (in_chunk_ > given_) give(extractor_.finish());
    extractor_.reset();
    tail_.clear();
    in_chunk_ = given_ = 0;
}

void ChunkMaker::finish() {
    cut();
    samples_ = 0;
}

void ChunkMaker::begin_next() {
    const auto lead = std::span<const float>(tail_).last(kLeadSamples);
    extractor_.consume(lead);
    in_chunk_ = given_ = kLeadSamples;
}

void ChunkMaker::give(fingerprint::Fingerprint fingerprint) {
    if (given_ == 0) begin_ = time_of_(samples_ - static_cast<std::int64_t>(in_chunk_));
    given_ = in_chunk_;
    fingerprint.peaks = fingerprint::landmark_peaks(fingerprint.peaks);
    take_({begin_, std::move(fingerprint)});
}

}  // namespace audio_ident::monitor
