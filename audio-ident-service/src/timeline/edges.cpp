#include "timeline/edges.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace audio_ident::timeline {

namespace {

constexpr double kNearEdge = 3;        // seconds of a track that may tell nothing at its beginning or end
constexpr double kNearEdgeFading = 6;  // the same, where the evidence rises slowly
constexpr Cell kLongestFade = 32;      // cells
constexpr Cell kShortestFade = 6;
constexpr Cell kLongestBeyond = 24;
constexpr float kFull = 0.75F;  // of the usual evidence: the fade is over
constexpr double kBeforeShare =
    0.4;  // of what is seen of a fade lies before: an equal-power fade is recognised at a quarter

enum class Side { begin, end };

/// Evidence from the edge inwards.
std::vector<float> inwards(const CellSeries& evidence, CellRange cells, Side side) {
    std::vector<float> values;
    for (Cell i = 0; i < cells.end - cells.begin; ++i) {
        const float value = evidence.at(side == Side::begin ? cells.begin + i : cells.end - 1 - i);
        if (value != 0) values.push_back(value);
    }
    return values;
}

/// Cells from the edge to where the evidence is as usual; 0: it is from the beginning on.
Cell fade_cells(const CellSeries& evidence, CellRange cells, Side side) {
    const auto values = inwards(evidence, cells, side);
    if (values.size() < 3 * static_cast<std::size_t>(kShortestFade)) return 0;
    auto sorted = values;
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
    const float usual = sorted[sorted.size() / 2];
    Cell cell = 0;
    for (; cell < kLongestFade && static_cast<std::size_t>(cell) + 3 < values.size(); ++cell) {
        const auto i = static_cast<std::size_t>(cell);
        if (values[i] + values[i + 1] + values[i + 2] >= 3 * kFull * usual) break;
    }
    return cell >= kShortestFade ? cell : 0;
}

/// How many cells from `cell` on, in steps of one or minus one, speak for the track as a whole.
Cell cells_beyond(const CellSeries& evidence, Cell cell, Cell step) {
    constexpr float kDoubtful = 4;  // weight: so much against it ends the search
    float weight = 0;
    float most = 0;
    Cell cells = 0;
    for (Cell i = 1; i <= kLongestBeyond && weight > most - kDoubtful; ++i, cell += step) {
        weight += weight_of(evidence.at(cell), kEvidenceBeyond);
        if (weight <= most) continue;
        most = weight;
        cells = i;
    }
    return cells;
}

CellRange within(const CellSeries& evidence, CellRange cells) {
    return {std::max(evidence.begin(), cells.begin), std::min(evidence.end(), cells.end)};
}

}  // namespace

Span edges_of(const Line& first, const Line& last, CellRange cells, double seconds) {
    cells.begin -= cells_beyond(first.evidence, cells.begin - 1, -1);
    cells.end += cells_beyond(last.evidence, cells.end, 1);
    const Cell fade_in = fade_cells(first.evidence, within(first.evidence, cells), Side::begin);
    const Cell fade_out = fade_cells(last.evidence, within(last.evidence, cells), Side::end);
    Span span{begin_of(cells.begin) - kBeforeShare * begin_of(fade_in),
              begin_of(cells.end) + kBeforeShare * begin_of(fade_out)};
    const double track_begin = first.time_of(0);
    const double track_end = last.time_of(last.track_seconds());
    if (span.begin - track_begin <= (fade_in > 0 ? kNearEdgeFading : kNearEdge)) span.begin = track_begin;
    if (track_end - span.end <= (fade_out > 0 ? kNearEdgeFading : kNearEdge)) span.end = track_end;
    const double least = std::max(0.0, begin_of(first.limits().begin));
    const double most = std::min(seconds, begin_of(last.limits().end));
    return {std::clamp(span.begin, least, most), std::clamp(span.end, least, most)};
}

}  // namespace audio_ident::timeline
