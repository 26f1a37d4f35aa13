#pragma once

#include <cstddef>
#include <span>

#include "fingerprint/extractor.hpp"
#include "timeline/peak_buckets.hpp"

namespace audio_ident::timeline {

/// Keeps the fingerprint of a recording while it is heard, so that what was not recognised can be looked for in it
/// again.
class SoundLog {
  public:
    /// Takes mono samples at fingerprint::kSampleRateHz; how they are cut changes nothing.
    void consume(std::span<const float> samples);
    /// The buckets of all that was consumed; bucket 0 begins with the first sample. Call once.
    PeakBuckets finish();

  private:
    void close_chunk(std::size_t buckets);

    fingerprint::Extractor extractor_;
    std::size_t samples_ = 0;  ///< of the chunk
    PeakBuckets buckets_;
};

}  // namespace audio_ident::timeline
