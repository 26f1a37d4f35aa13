#pragma once

#include <functional>
#include <span>
#include <vector>

#include "fingerprint/extractor.hpp"
#include "monitor/chunk.hpp"

namespace audio_ident::monitor {

/// Cuts the sound of a station into chunks for the rolling index. For one thread.
class ChunkMaker {
  public:
    /// A chunk that has grown, or is whole now.
    struct Chunk {
        Timestamp begin{};
        fingerprint::Fingerprint fingerprint;  ///< only the peaks that landmarks are made of
    };
    using Take = std::function<void(Chunk)>;
    /// When a sample of the stream was played; samples count from the last cut().
    using TimeOf = std::function<Timestamp(std::int64_t)>;

    explicit ChunkMaker(Take take) : take_(std::move(take)) {}

    /// Takes mono samples at fingerprint::kSampleRateHz.
    void consume(std::span<const float> samples, const TimeOf& time_of);
    /// The sound was interrupted: gives what is left, and begins again.
    void cut();

  private:
    void begin_next();
    void give(fingerprint::Fingerprint fingerprint);

    Take take_;
    fingerprint::Extractor extractor_;
    std::int64_t samples_ = 0;  ///< since the last cut()
    std::size_t in_chunk_ = 0;  ///< of them, in the chunk; the lead counts
    std::size_t given_ = 0;     ///< of the chunk, when it was given last
    Timestamp begin_{};         ///< of the chunk
    std::vector<float> tail_;   ///< the last samples
};

}  // namespace audio_ident::monitor
