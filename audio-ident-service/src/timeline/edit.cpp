#include "timeline/edit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "search/projection.hpp"
#include "search/refined.hpp"

namespace audio_ident::timeline {

namespace {

using search::Placement;
using search::Projection;
using search::RowRange;

constexpr int kReach = 32;            // rows to either side: half a second
constexpr double kMarginFrames = 48;  // of the track beyond the window, so that shifted peaks are there
constexpr int kLeastJump = 3;         // rows
constexpr Cell kLeastCells = 3;       // on either side
constexpr float kAgrees = 6;          // z of either side on its own line
constexpr float kClearly = 3;         // more z of either side than on the other side's line, and of the whole
constexpr std::size_t kShifts = 2 * kReach + 1;

/// Sums of map values, and of peaks, for each shift of the clip in rows.
struct Sums {
    std::array<std::int32_t, kShifts> values{};
    std::array<std::uint32_t, kShifts> peaks{};

    void add(const Sums& other) {
        for (std::size_t i = 0; i < kShifts; ++i) {
            values[i] += other.values[i];
            peaks[i] += other.peaks[i];
        }
    }
    void subtract(const Sums& other) {
        for (std::size_t i = 0; i < kShifts; ++i) {
            values[i] -= other.values[i];
            peaks[i] -= other.peaks[i];
        }
    }
};

/// For each cell of the window, the sums of what falls into it.
std::vector<Sums> sums_by_cell(const Window& window, const Placement& placement) {
    const auto& comparison = window.comparison();
    const auto& clip = window.clip();
    const auto peaks = comparison.peaks_under(placement.track, placement.offset_frames, kMarginFrames,
                                              double(placement.transform.time));
    const Projection projection(clip, peaks, placement.offset_frames, placement.transform, comparison.all_rows());
    const int rows = comparison.all_rows().end;
    const Cell first = window.cell_of(0);
    std::vector<std::size_t> cell_of(static_cast<std::size_t>(rows));
    for (int row = 0; row < rows; ++row)
        cell_of[static_cast<std::size_t>(row)] =
            static_cast<std::size_t>(window.cell_of(static_cast<float>(row)) - first);
    std::vector<Sums> sums(rows == 0 ? 0 : cell_of.back() + 1);
    for (const Projection::Target& target : projection.targets()) {
        const int row = static_cast<int>(std::floor(target.row));
        const std::int8_t* column = clip.column(target.bin);
        for (int at = std::max(0, row - kReach); at <= std::min(rows - 1, row + kReach); ++at) {
            Sums& cell = sums[cell_of[static_cast<std::size_t>(at)]];
            const auto shift = static_cast<std::size_t>(at - row + kReach);
            cell.values[shift] += column[at];
            ++cell.peaks[shift];
        }
    }
    return sums;
}

/// Two shifts, one for the cells before `cell` and one for those from it on.
struct Split {
    std::size_t cell = 0;
    std::size_t before = 0;
    std::size_t after = 0;
    float z = 0;
};

class Splitter {
  public:
    Splitter(const Window& window, const Placement& placement)
        : clip_(window.clip()), sums_(sums_by_cell(window, placement)) {}

    /// The best split into two lines, each of which is clearly better on its own side.
    Split best() const {
        Split best;
        Sums before;
        Sums after;
        for (const Sums& cell : sums_) after.add(cell);
        for (std::size_t cell = 1; cell + kLeastCells <= sums_.size(); ++cell) {
            before.add(sums_[cell - 1]);
            after.subtract(sums_[cell - 1]);
            if (cell < kLeastCells) continue;
            const Split split = at(cell, before, after);
            if (split.z > best.z) best = split;
        }
        return best;
    }

  private:
    float z(const Sums& sums, std::size_t shift) const {
        return search::in_deviations(sums.values[shift], clip_, sums.peaks[shift] + search::kFewPeaks);
    }
    std::size_t best_shift(const Sums& sums) const {
        std::size_t best = 0;
        for (std::size_t i = 1; i < kShifts; ++i) {
            if (z(sums, i) > z(sums, best)) best = i;
        }
        return best;
    }
    Split at(std::size_t cell, const Sums& before, const Sums& after) const {
        const std::size_t a = best_shift(before);
        const std::size_t b = best_shift(after);
        const auto jump = std::abs(static_cast<int>(a) - static_cast<int>(b));
        const bool is_edit = jump >= kLeastJump && z(before, a) >= std::max(kAgrees, z(before, b) + kClearly) &&
                             z(after, b) >= std::max(kAgrees, z(after, a) + kClearly);
        if (!is_edit) return {};
        return {cell, a, b,
                search::in_deviations(before.values[a] + after.values[b], clip_,
                                      before.peaks[a] + after.peaks[b] + search::kFewPeaks)};
    }

    const fingerprint::Clip& clip_;
    std::vector<Sums> sums_;
};

/// The placement, shifted by rows of the map and then moved to its best fit within the given rows.
Placement shifted(const Window& window, const Placement& from, std::size_t shift, RowRange rows) {
    const auto& comparison = window.comparison();
    Placement moved = from;
    moved.offset_frames -=
        (static_cast<double>(shift) - kReach) * double(from.transform.time) / comparison.rows_per_frame();
    moved.z = 0;
    return search::refine_offset(comparison, moved, rows);
}

/// The speed that a straight line would have here: an edit makes a placement that fits both sides run too fast or slow.
Placement at_one_speed(const Window& window, const Placement& placement) {
    Placement straight = placement;
    straight.transform.time = straight.transform.pitch;
    const double middle = window.comparison().rows() / 2 / window.comparison().rows_per_frame();
    straight.offset_frames += middle * double(placement.transform.time - straight.transform.time);
    return straight;
}

Edit edit_of(const Window& window, const Placement& placement, const Split& split) {
    const double rows_per_cell = kCellSeconds * fingerprint::kFramesPerSecond * window.comparison().rows_per_frame();
    const RowRange all = window.comparison().all_rows();
    const int row = std::min(all.end, static_cast<int>(static_cast<double>(split.cell) * rows_per_cell));
    return Edit{window.cell_of(0) + static_cast<Cell>(split.cell),
                shifted(window, placement, split.before, {all.first, row}),
                shifted(window, placement, split.after, {row, all.end})};
}

/// z of the best line without an edit, at whatever tempo.
float best_unbroken_z(const Window& window, const Placement& near) {
    const auto refined = search::refine(window.comparison(), near);
    const auto retimed = search::retime(window.comparison(), refined);
    return std::max(refined.z, retimed ? retimed->z : 0);
}

}  // namespace

std::optional<Edit> edit_in(const Window& window, const Placement& placement) {
    Placement from = placement;
    Split split = Splitter(window, placement).best();
    if (placement.transform.time != placement.transform.pitch) {
        const Placement straight = at_one_speed(window, placement);
        const Split other = Splitter(window, straight).best();
        if (other.z > split.z) {
            split = other;
            from = straight;
        }
    }
    if (split.z < placement.z + kClearly || split.z < best_unbroken_z(window, from) + kClearly) return std::nullopt;
    return edit_of(window, from, split);
}

}  // namespace audio_ident::timeline
