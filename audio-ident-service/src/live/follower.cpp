#include "live/follower.hpp"

#include <algorithm>
#include <cmath>

#include "timeline/trace.hpp"

namespace audio_ident::live {

namespace {

constexpr double kSameSeconds = 0.25;   // of one line
constexpr double kMovedSeconds = 0.02;  // worth telling
constexpr Cell kRecent = 20;            // cells that tell whether the track is still heard
constexpr float kAgrees = 4;            // their weight
constexpr Cell kDoubtful = 3;           // cells since the track was last heard

double begin_of_window(Cell window_begin) {
    return timeline::begin_of(window_begin);
}

/// Where in the track a moment of the sound lies.
double place_at(const search::Evidence& found, Cell window_begin, double seconds) {
    return found.match.offset_seconds() +
           (seconds - begin_of_window(window_begin)) * double(found.match.transform.time);
}

/// Where the last of these cells end that the track is likely heard in, and their weight.
timeline::Stretch heard_in(const timeline::Line& line, CellRange cells) {
    timeline::Stretch best{{cells.begin, cells.begin}, 0};
    float weight = 0;
    for (Cell cell = cells.begin; cell < cells.end; ++cell) {
        weight += timeline::weight_of(line.evidence.at(cell), timeline::kEvidenceBeyond);
        if (weight >= best.weight) best = {{cells.begin, cell + 1}, weight};
    }
    return best;
}

}  // namespace

Follower::Follower(std::uint32_t number, const search::Evidence& found, Cell window_begin, Cell now)
    : heard_(now), agreed_(now) {
    play_.number = number;
    play_.track = found.track;
    play_.began_seconds = begin_of_window(window_begin);
    if (!found.match.spans.empty()) play_.began_seconds += found.match.spans.front().begin;
    take_line(found, window_begin);
}

void Follower::take_line(const search::Evidence& found, Cell window_begin) {
    const double at = begin_of_window(window_begin);
    line_ = std::make_unique<timeline::Line>(found.track, found.match.track,
                                             timeline::Node{at, found.match.offset_seconds(), found.match.transform});
    play_.time_ratio = double(found.match.transform.time);
    play_.pitch_ratio = double(found.match.transform.pitch);
    play_.aligned = std::max(play_.aligned, static_cast<std::uint32_t>(std::lround(found.match.votes)));
    play_.place_seconds = line_->at(play_.began_seconds).place_seconds;
}

void Follower::begin_at(double seconds) {
    play_.began_seconds = seconds;
    play_.place_seconds = line_->at(seconds).place_seconds;
}

bool Follower::is_same(const search::Evidence& found, Cell window_begin) const {
    const double at = timeline::begin_of(std::max(heard_, window_begin));
    return found.track == play_.track &&
           std::abs(place_at(found, window_begin, at) - line_->at(at).place_seconds) < kSameSeconds;
}

bool Follower::move_to(const search::Evidence& found, Cell window_begin, Cell now) {
    const double at = timeline::begin_of(now);
    const bool moved = std::abs(place_at(found, window_begin, at) - line_->at(at).place_seconds) >= kMovedSeconds;
    timeline::CellSeries evidence = line_->evidence;
    take_line(found, window_begin);
    line_->evidence = std::move(evidence);
    agreed_ = std::max(agreed_, now);
    return moved;
}

void Follower::hear(const timeline::Window& window, Cell now) {
    const auto traced = timeline::trace(window, *line_);
    const Cell first = window.cell_of(0);
    for (Cell cell = heard_; cell < now; ++cell) {
        const auto i = static_cast<std::size_t>(cell - first);
        if (i < traced.evidence.size()) line_->evidence.set(cell, traced.evidence[i]);
    }
    heard_ = now;
    const auto heard = heard_in(*line_, {std::max(now - kRecent, line_->evidence.begin()), now});
    if (heard.weight < kAgrees) return;
    agreed_ = std::max(agreed_, heard.cells.end);
    if (agreed_ == now) ++line_->agreeing_windows;
}

bool Follower::is_doubtful() const {
    return heard_ - agreed_ >= kDoubtful;
}

}  // namespace audio_ident::live
