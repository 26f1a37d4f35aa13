#pragma once

#include <functional>
#include <span>
#include <vector>

#include "fingerprint/extractor.hpp"
#include "monitor/rolling/chunk.hpp"

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
    /// When a sample of the stream was played; samples count from the last finish().
    using TimeOf = std::function<Timestamp(std::int64_t)>;

    ChunkMaker(Take take, TimeOf time_of) : take_(std::move(take)), time_of_(std::move(time_of)) {}

    /// Takes mono samples at fingerprint::kSampleRateHz. The first chunk after a cut is given when half a minute of it
    /// is there: before that a station's clock may not know how much of the past a server has sent.
    void consume(std::span<const float> samples);
    /// Gives what is left, and begins a chunk: what comes next was not played right after it.
    void cut();
    /// The same, and the stream ends: the next sample is the first of another.
    void finish();

  private:
    void begin_next();
    void give(fingerprint::Fingerprint fingerprint);

    Take take_;
    TimeOf time_of_;
    fingerprint::Extractor extractor_;
    std::int64_t samples_ = 0;  ///< since the last finish()
    std::size_t in_chunk_ = 0;  ///< of them, in the chunk; the lead counts
    std::size_t given_ = 0;     ///< of the chunk, when it was given last
    Timestamp begin_{};         ///< of the chunk
    std::vector<float> tail_;   ///< the last samples
};

}  // namespace audio_ident::monitor
