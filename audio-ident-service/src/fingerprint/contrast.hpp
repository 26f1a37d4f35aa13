#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "fingerprint/spectrogram.hpp"

namespace audio_ident::fingerprint {

/// Local contrast of one frame: (L - mean) / √(variance + 1) over the box around each bin, L in natural-log units.
/// Roughly standard normal; a clear peak reaches 3 to 6.
using ContrastRow = std::array<float, kBins>;

/// Turns log-power rows into contrast rows. The box of a bin reaches `box_frames` frames and kBoxBins bins to either
/// side, clipped at the edges of the recording and of the band; so rows come out box_frames late.
class Contrast {
  public:
    explicit Contrast(std::size_t box_frames = kBoxFrames);

    void reset();
    /// Calls `out(const ContrastRow&)` zero or one time.
    template <typename RowSink>
    void consume(const LogRow& row, RowSink&& out) {
        add(row);
        if (added_ > box_frames_) {
            compute();
            out(static_cast<const ContrastRow&>(contrast_));
        }
    }
    /// Calls `out` for the rows that were waiting for their box.
    template <typename RowSink>
    void finish(RowSink&& out) {
        while (computed_ < added_) {
            if (removed_ + box_frames_ < computed_) remove();
            compute();
            out(static_cast<const ContrastRow&>(contrast_));
        }
    }

  private:
    void add(const LogRow& row);
    void remove();
    void compute();
    LogRow& ring_row(std::size_t frame) { return ring_[frame % ring_.size()]; }

    std::size_t box_frames_;
    std::vector<LogRow> ring_;
    std::array<std::int32_t, kBins> sums_{};     // of the rows in the box, a bin
    std::array<std::int32_t, kBins> squares_{};  // likewise, of their squares
    std::array<float, kBins> inverse_counts_{};
    std::size_t counted_frames_ = 0;  // that inverse_counts_ was made for
    std::size_t added_ = 0;
    std::size_t removed_ = 0;
    std::size_t computed_ = 0;
    ContrastRow contrast_{};
};

}  // namespace audio_ident::fingerprint
