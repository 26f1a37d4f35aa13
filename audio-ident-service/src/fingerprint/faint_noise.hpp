#pragma once

#include <vector>

#include "fingerprint/spectrogram.hpp"

namespace audio_ident::fingerprint {

/// Takes the logarithm of a recording's power under a faint white noise: kFaintNoise of the mean power of the band
/// within ±kBoxFrames frames. What lies far below the music, a codec's residue and near silence, is lost in any noise
/// that a clip may come with; so it must not fill the fingerprint. Rows come out kBoxFrames late.
class FaintNoise {
  public:
    FaintNoise();

    void reset();
    /// Calls `out(const LogRow&)` zero or one time.
    template <typename RowSink>
    void consume(const PowerRow& row, RowSink&& out) {
        add(row);
        if (added_ > kBoxFrames) out(next());
    }
    /// Calls `out` for the rows that were waiting for those after them.
    template <typename RowSink>
    void finish(RowSink&& out) {
        while (given_ < added_) out(next());
    }

  private:
    void add(const PowerRow& row);
    LogRow next();

    std::vector<PowerRow> rows_;  // those that wait
    std::vector<PowerSum> sums_;  // of the rows around the one that is next
    PowerSum sum_ = 0;            // over sums_
    std::size_t added_ = 0;
    std::size_t removed_ = 0;  // from sum_
    std::size_t given_ = 0;
};

}  // namespace audio_ident::fingerprint
