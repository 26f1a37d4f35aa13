#pragma once

#include "fingerprint/clip.hpp"
#include "index/fingerprint/reader.hpp"
#include "search/comparison.hpp"
#include "timeline/cells.hpp"

namespace audio_ident::timeline {

/// Some seconds of a recording, made ready for comparison. Windows overlap; each gives the evidence of its own cells,
/// those in its middle. Memory: 0.4 MB. The snapshot outlives it.
class Window {
  public:
    static constexpr double kSeconds = 10;
    static constexpr double kStepSeconds = 5;

    /// `begin_seconds`: a whole number of cells.
    Window(const index::FingerprintSnapshot& snapshot, const fingerprint::Clip& clip, double begin_seconds,
           CellRange own)
        : begin_seconds_(begin_seconds), own_(own), clip_(clip), comparison_(snapshot, clip_) {}
    Window(const Window&) = delete;  // its comparison refers to its clip
    Window& operator=(const Window&) = delete;

    double begin_seconds() const { return begin_seconds_; }
    double middle_seconds() const { return begin_seconds_ + clip_.seconds() / 2; }
    CellRange own() const { return own_; }
    /// All of it; the last cell may be a part of one.
    CellRange cells() const { return {cell_of(0), cell_of(static_cast<float>(clip_.rows())) + 1}; }
    const fingerprint::Clip& clip() const { return clip_; }
    const search::Comparison& comparison() const { return comparison_; }
    /// The cell that a row of the clip's map lies in.
    Cell cell_of(float row) const {
        const double seconds = double(row) / double(clip_.phases()) / fingerprint::kFramesPerSecond;
        return static_cast<Cell>((begin_seconds_ + seconds) / kCellSeconds);
    }

  private:
    double begin_seconds_;
    CellRange own_;
    fingerprint::Clip clip_;
    search::Comparison comparison_;
};

}  // namespace audio_ident::timeline
