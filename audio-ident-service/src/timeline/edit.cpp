#include "timeline/edit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
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

    /// Adds map values of one peak, for shifts from `shift` on.
    void add(const std::int8_t* run, int count, int shift) {
        for (int i = 0; i < count; ++i) {
            values[static_cast<std::size_t>(shift + i)] += run[i];
            ++peaks[static_cast<std::size_t>(shift + i)];
        }
    }
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

/// Where each cell of the window ends, in rows.
std::vector<int> rows_by_cell(const Window& window) {
    const int rows = window.comparison().all_rows().end;
    const Cell first = window.cell_of(0);
    std::vector<int> ends;
    for (int row = 0; row < rows; ++row) {
        ends.resize(static_cast<std::size_t>(window.cell_of(static_cast<float>(row)) - first) + 1, row);
        ends.back() = row + 1;
    }
    return ends;
}

/// For each cell of the window, the sums of what falls into it.
std::vector<Sums> sums_by_cell(const Window& window, const Placement& placement) {
    const auto& comparison = window.comparison();
    const auto& clip = window.clip();
    const auto peaks = comparison.peaks_under(placement.track, placement.offset_frames, kMarginFrames,
                                              double(placement.transform.time));
    const Projection projection(clip, peaks, placement.offset_frames, placement.transform, comparison.all_rows());
    const auto ends = rows_by_cell(window);
    std::vector<Sums> sums(ends.size());
    for (const Projection::Target& target : projection.targets()) {
        const int row = static_cast<int>(std::floor(target.row));
        const std::int8_t* column = clip.column(target.bin);
        const int end = ends.empty() ? 0 : std::min(ends.back(), row + kReach + 1);
        int at = std::max(0, row - kReach);
        for (auto cell = std::upper_bound(ends.begin(), ends.end(), at); at < end; ++cell) {
            const int cell_end = std::min(*cell, end);
            sums[static_cast<std::size_t>(cell - ends.begin())].add(column + at, cell_end - at, at - row + kReach);
            at = cell_end;
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
    struct Best {
        std::size_t shift = 0;
        float z = std::numeric_limits<float>::lowest();
    };

    float z(const Sums& sums, std::size_t shift) const {
        return search::in_deviations(sums.values[shift], clip_, sums.peaks[shift] + search::kFewPeaks);
    }
    Best best_shift(const Sums& sums) const {
        Best best;
        for (std::size_t i = 0; i < kShifts; ++i) {
            const float found = z(sums, i);
            if (found > best.z) best = {i, found};
        }
        return best;
    }
    Split at(std::size_t cell, const Sums& before, const Sums& after) const {
        const Best a = best_shift(before);
        if (a.z < kAgrees) return {};
        const Best b = best_shift(after);
        const auto jump = std::abs(static_cast<int>(a.shift) - static_cast<int>(b.shift));
        const bool is_edit = b.z >= kAgrees && jump >= kLeastJump && a.z >= z(before, b.shift) + kClearly &&
                             b.z >= z(after, a.shift) + kClearly;
        if (!is_edit) return {};
        return {cell, a.shift, b.shift,
                search::in_deviations(before.values[a.shift] + after.values[b.shift], clip_,
                                      before.peaks[a.shift] + after.peaks[b.shift] + search::kFewPeaks)};
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

/// Whether no line without an edit, at whatever tempo, fits nearly as well as the split.
bool is_clearly_better(const Split& split, const Window& window, const Placement& near) {
    const float most = split.z - kClearly;
    if (near.z > most) return false;
    const auto refined = search::refine(window.comparison(), near);
    if (refined.z > most) return false;
    const auto retimed = search::retime(window.comparison(), refined, most);
    return !retimed || retimed->z <= most;
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
    if (!is_clearly_better(split, window, from)) return std::nullopt;
    return edit_of(window, from, split);
}

}  // namespace audio_ident::timeline
