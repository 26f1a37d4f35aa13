#include "timeline/line.hpp"

#include <algorithm>

namespace audio_ident::timeline {

namespace {

bool is_earlier(const Node& node, double seconds) {
    return node.at_seconds < seconds;
}

}  // namespace

void Line::add(const Node& node) {
    const auto at = std::lower_bound(nodes_.begin(), nodes_.end(), node.at_seconds, is_earlier);
    if (at != nodes_.end() && at->at_seconds == node.at_seconds) *at = node;
    else nodes_.insert(at, node);
}

Node Line::at(double seconds) const {
    const auto after = std::lower_bound(nodes_.begin(), nodes_.end(), seconds, is_earlier);
    if (after == nodes_.begin() || after == nodes_.end()) {
        const Node& nearest = after == nodes_.end() ? nodes_.back() : nodes_.front();
        return {seconds, nearest.place_seconds + (seconds - nearest.at_seconds) * double(nearest.transform.time),
                nearest.transform};
    }
    const Node& a = *(after - 1);
    const Node& b = *after;
    const double part = (seconds - a.at_seconds) / (b.at_seconds - a.at_seconds);
    const auto between = [part](double from, double to) { return from + part * (to - from); };
    return {seconds,
            between(a.place_seconds, b.place_seconds),
            {static_cast<float>(between(double(a.transform.time), double(b.transform.time))),
             static_cast<float>(between(double(a.transform.pitch), double(b.transform.pitch)))}};
}

double Line::time_of(double place_seconds) const {
    const auto nearest = std::min_element(nodes_.begin(), nodes_.end(), [&](const Node& a, const Node& b) {
        return std::abs(a.place_seconds - place_seconds) < std::abs(b.place_seconds - place_seconds);
    });
    return nearest->at_seconds + (place_seconds - nearest->place_seconds) / double(nearest->transform.time);
}

void Line::begin_no_earlier(Cell cell) {
    limits_.begin = std::max(limits_.begin, cell);
    for (Cell early = evidence.begin(); early < std::min(cell, evidence.end()); ++early) evidence.set(early, 0);
}

void Line::end_no_later(Cell cell) {
    limits_.end = std::min(limits_.end, cell);
    for (Cell late = std::max(cell, evidence.begin()); late < evidence.end(); ++late) evidence.set(late, 0);
}

float weight_of(float evidence, float otherwise) {
    // Where the track is heard, the evidence lies above that by an amount that nobody knows: 1 in a loud room, 6 in a
    // clean recording. This is the best of μe - μ²/2 over amounts μ from 1 to 4, with bounds, as no half second decides
    // alone.
    constexpr float kLeast = -1.2F;
    constexpr float kMost = 8;
    if (evidence == 0) return 0;
    const float more = evidence - otherwise;
    if (more < 1) return std::max(kLeast, more - 0.5F);
    return std::min(kMost, more < 4 ? more * more / 2 : 4 * more - 8);
}

Stretch strongest_stretch(const CellSeries& evidence, CellRange within) {
    Stretch best;
    Stretch running{{within.begin, within.begin}, 0};
    for (Cell cell = within.begin; cell < within.end; ++cell) {
        running.weight += weight_of(evidence.at(cell));
        running.cells.end = cell + 1;
        if (running.weight > best.weight) best = running;
        if (running.weight <= 0) running = {{cell + 1, cell + 1}, 0};
    }
    return best;
}

}  // namespace audio_ident::timeline
