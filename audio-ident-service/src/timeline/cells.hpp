#pragma once

#include <cmath>
#include <cstdint>
#include <deque>

namespace audio_ident::timeline {

/// A recording's time in steps of half a second: the resolution of the evidence and of the decision.
inline constexpr double kCellSeconds = 0.5;
using Cell = std::int64_t;

inline double begin_of(Cell cell) {
    return static_cast<double>(cell) * kCellSeconds;
}

inline Cell cell_at(double seconds) {
    return static_cast<Cell>(std::floor(seconds / kCellSeconds));
}

/// Cells [begin, end).
struct CellRange {
    Cell begin = 0;
    Cell end = 0;

    bool empty() const { return end <= begin; }
    bool contains(Cell cell) const { return cell >= begin && cell < end; }
};

/// One value a cell, over a range that grows to either side; 0 elsewhere.
class CellSeries {
  public:
    void set(Cell cell, float value) {
        if (values_.empty()) begin_ = cell;
        for (; cell < begin_; --begin_) values_.push_front(0);
        if (cell >= end()) values_.resize(static_cast<std::size_t>(cell - begin_ + 1), 0);
        values_[static_cast<std::size_t>(cell - begin_)] = value;
    }
    float at(Cell cell) const {
        return cell < begin_ || cell >= end() ? 0 : values_[static_cast<std::size_t>(cell - begin_)];
    }
    Cell begin() const { return begin_; }
    Cell end() const { return begin_ + static_cast<Cell>(values_.size()); }

  private:
    Cell begin_ = 0;
    std::deque<float> values_;
};

}  // namespace audio_ident::timeline
