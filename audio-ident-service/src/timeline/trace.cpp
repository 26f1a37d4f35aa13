#include "timeline/trace.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "search/projection.hpp"
#include "search/refined.hpp"

namespace audio_ident::timeline {

namespace {

using fingerprint::Clip;
using fingerprint::kBins;
using fingerprint::kFramesPerSecond;
using search::Placement;
using search::Projection;

// z of a window that moves a line. Chance reaches 6 when the best of many places is taken; a line that several windows
// have agreed with needs less.
constexpr float kFollows = 8;
constexpr float kFollowsKnown = 5;
constexpr int kKnown = 3;                  // windows
constexpr float kMoves = 1;                // gain in z of a place beside the line
constexpr double kMostAwayFrames = 12;     // of the window's middle from the line: 0.2 s
constexpr float kMostOtherRatio = 0.015F;  // drift of speed or pitch from one window to the next
constexpr int kHit = 40;                   // map value: one unit of contrast
constexpr std::uint32_t kFewPeaks = 5;     // in a cell: fewer tell nothing
constexpr double kMarginFrames = 40;

// Held notes and steady beats agree at every offset; only what the line has over places 0.1 to 0.5 s beside it counts.
constexpr std::array<int, 10> kBeside{-29, -22, -16, -11, -7, 7, 11, 16, 22, 29};
constexpr float kLeastDeviation = 1;

Placement on_line(const Window& window, const Line& line) {
    const Node middle = line.at(window.middle_seconds());
    Placement placement;
    placement.track = line.track();
    placement.transform = middle.transform;
    placement.offset_frames =
        (middle.place_seconds - (window.middle_seconds() - window.begin_seconds()) * double(middle.transform.time)) *
        kFramesPerSecond;
    return placement;
}

double middle_of(const Window& window, const Placement& placement) {
    return placement.offset_frames + window.clip().seconds() / 2 * kFramesPerSecond * double(placement.transform.time);
}

bool is_drift(const Window& window, const Placement& from, const Placement& to) {
    const auto same = [](float a, float b) { return std::abs(a / b - 1) <= kMostOtherRatio; };
    return std::abs(middle_of(window, from) - middle_of(window, to)) <= kMostAwayFrames &&
           same(from.transform.time, to.transform.time) && same(from.transform.pitch, to.transform.pitch);
}

/// Where near the line the window fits better; the same placement where it does not, or not clearly.
Placement follow(const Window& window, const Placement& from, float least_z) {
    const auto& comparison = window.comparison();
    const auto peaks =
        comparison.peaks_under(from.track, from.offset_frames, kMarginFrames, double(from.transform.time));
    const auto scores =
        Projection(comparison.clip(), peaks, from.offset_frames, from.transform, comparison.all_rows()).scores_around();
    const auto best = std::max_element(scores.begin(), scores.end(),
                                       [](const search::Score& a, const search::Score& b) { return a.z < b.z; });
    if (best->z < least_z) return from;
    Placement moved = from;
    const float on_line = scores[Projection::kReachRows].z;
    if (best->z > on_line + kMoves)
        moved.offset_frames += (double(best - scores.begin()) - Projection::kReachRows) * double(from.transform.time) /
                               comparison.rows_per_frame();
    moved.z = std::max(on_line, moved.offset_frames == from.offset_frames ? on_line : best->z);
    const Placement refined = search::refine(comparison, moved);
    return is_drift(window, from, refined) ? refined : from;
}

/// Whether no known edit of the line lies in the window.
bool is_whole_in(const Window& window, const Line& line) {
    const CellRange cells = window.cells();
    return line.limits().begin <= cells.begin && line.limits().end >= cells.end;
}

Placement nearer_of(const Edit& edit, const Placement& predicted) {
    const auto away = [&](const Placement& side) { return std::abs(side.offset_frames - predicted.offset_frames); };
    return away(edit.before) <= away(edit.after) ? edit.before : edit.after;
}

/// Sums of map values under the track's peaks in one cell: on the line, and beside it.
struct CellSums {
    std::uint32_t peaks = 0;
    std::int32_t on_line = 0;
    std::array<std::int32_t, kBeside.size()> beside{};
};

float evidence_of(const CellSums& sums, const Clip& clip) {
    if (sums.peaks < kFewPeaks) return 0;
    const float z = search::in_deviations(sums.on_line, clip, sums.peaks);
    double mean = 0;
    double squares = 0;
    for (const std::int32_t sum : sums.beside) {
        const double other = double(search::in_deviations(sum, clip, sums.peaks));
        mean += other / double(kBeside.size());
        squares += other * other / double(kBeside.size());
    }
    const auto deviation = static_cast<float>(std::sqrt(std::max(0.0, squares - mean * mean)));
    return (z - static_cast<float>(mean)) / std::max(kLeastDeviation, deviation);
}

}  // namespace

Trace trace(const Window& window, Line& line) {
    const Placement predicted = on_line(window, line);
    Trace traced;
    Placement placed = predicted;
    if (is_whole_in(window, line)) {
        placed = follow(window, predicted, line.agreeing_windows < kKnown ? kFollows : kFollowsKnown);
        traced.edit = edit_in(window, placed);
        if (traced.edit) placed = nearer_of(*traced.edit, predicted);
        if (placed.offset_frames != predicted.offset_frames || !(placed.transform == predicted.transform))
            line.add({window.middle_seconds(), middle_of(window, placed) / kFramesPerSecond, placed.transform});
    }
    const auto& comparison = window.comparison();
    const Clip& clip = window.clip();
    const auto peaks =
        comparison.peaks_under(placed.track, placed.offset_frames, kMarginFrames, double(placed.transform.time));
    const Projection projection(clip, peaks, placed.offset_frames, placed.transform, comparison.all_rows());
    const Cell first = window.cell_of(0);
    const auto rows = static_cast<int>(clip.rows());
    std::vector<CellSums> cells(static_cast<std::size_t>(window.cell_of(static_cast<float>(rows)) - first) + 1);
    for (const Projection::Target& target : projection.targets()) {
        if (!projection.is_inside(target)) continue;
        CellSums& sums = cells[static_cast<std::size_t>(window.cell_of(target.row) - first)];
        const int value = projection.value_at(target);
        ++sums.peaks;
        sums.on_line += value;
        const int row = static_cast<int>(target.row);
        const std::int8_t* column = clip.column(target.bin);
        for (std::size_t i = 0; i < kBeside.size(); ++i) {
            const int other = row + kBeside[i] * static_cast<int>(clip.phases());
            if (other >= 0 && other < rows) sums.beside[i] += column[other];
        }
        if (value >= kHit) traced.hits.push_back(static_cast<std::uint32_t>(row) * std::uint32_t{kBins} + target.bin);
    }
    for (const CellSums& sums : cells) traced.evidence.push_back(evidence_of(sums, clip));
    std::sort(traced.hits.begin(), traced.hits.end());
    return traced;
}

double shared_hits(const Trace& a, const Trace& b) {
    const Trace& fewer = a.hits.size() <= b.hits.size() ? a : b;
    const Trace& more = a.hits.size() <= b.hits.size() ? b : a;
    if (fewer.hits.empty()) return 0;
    const auto is_near = [&](std::uint32_t hit) {
        for (int rows = -2; rows <= 2; ++rows) {
            const std::int64_t from = std::int64_t{hit} + rows * std::int64_t{kBins} - 1;
            const auto at = std::lower_bound(more.hits.begin(), more.hits.end(), from,
                                             [](std::uint32_t x, std::int64_t y) { return std::int64_t{x} < y; });
            if (at != more.hits.end() && std::int64_t{*at} <= from + 2) return true;
        }
        return false;
    };
    const auto shared = std::count_if(fewer.hits.begin(), fewer.hits.end(), is_near);
    return double(shared) / double(fewer.hits.size());
}

}  // namespace audio_ident::timeline
