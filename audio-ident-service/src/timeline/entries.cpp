#include "timeline/entries.hpp"

#include <algorithm>
#include <cmath>

#include "search/calibration.hpp"
#include "timeline/decision.hpp"
#include "timeline/edges.hpp"

namespace audio_ident::timeline {

namespace {

constexpr double kShortPause = 10;  // seconds: a line that comes back after it went on meanwhile
constexpr double kLongPause = 45;   // the same, when nothing else was heard meanwhile
constexpr double kSameLineSeconds = 0.4;
constexpr double kSameLineDrift = 0.004;  // more for each second of the pause
constexpr double kLeastGap = 1;
constexpr double kLeastSilence = 2;
constexpr double kLeastCandidate = 0.1;  // confidence
constexpr std::size_t kMostCandidates = 5;

/// What becomes an entry: stretches of one line, or of lines of a track that go on from each other.
struct Part {
    std::vector<Chosen> stretches;
    float weight = 0;

    Cell begin() const { return stretches.front().cells.begin; }
    Cell end() const { return stretches.back().cells.end; }
};

double seconds_between(Cell a, Cell b) {
    return begin_of(b) - begin_of(a);
}

bool runs_along(const Line& a, const Line& b, double at) {
    return std::abs(a.at(at).place_seconds - b.at(at).place_seconds) < kSameLineSeconds;
}

bool goes_on(const Heard& heard, const Chosen& earlier, const Chosen& later) {
    const Line& a = *heard.lines[earlier.line];
    const Line& b = *heard.lines[later.line];
    if (!(a.id() == b.id())) return false;
    if (earlier.line == later.line) return true;
    if (a.limits().end == b.limits().begin) return false;
    const double at = begin_of(later.cells.begin);
    const double pause = std::max(0.0, seconds_between(earlier.cells.end, later.cells.begin));
    return std::abs(a.at(at).place_seconds - b.at(at).place_seconds) < kSameLineSeconds + kSameLineDrift * pause;
}

bool is_heard(const std::vector<Chosen>& chosen, CellRange cells, std::size_t but) {
    Cell covered = 0;
    for (const Chosen& one : chosen) {
        if (one.line == but) continue;
        covered += std::max<Cell>(0, std::min(one.cells.end, cells.end) - std::max(one.cells.begin, cells.begin));
    }
    return 2 * covered > cells.end - cells.begin;
}

std::vector<Part> parts_of(const Heard& heard, const std::vector<Chosen>& chosen) {
    std::vector<Part> parts;
    for (const Chosen& one : chosen) {
        const auto before = std::find_if(parts.rbegin(), parts.rend(), [&](const Part& part) {
            const double pause = seconds_between(part.end(), one.cells.begin);
            if (pause > kLongPause || !goes_on(heard, part.stretches.back(), one)) return false;
            return pause <= kShortPause || !is_heard(chosen, {part.end(), one.cells.begin}, one.line);
        });
        if (before == parts.rend()) {
            parts.push_back({{one}, one.weight});
            continue;
        }
        before->stretches.push_back(one);
        before->weight += one.weight;
    }
    return parts;
}

/// The probability that a line with this much evidence, and with a window that was this sure by itself, is heard. The
/// numbers were chosen by hand: on the development half of `make eval-timeline` the two figures separate right entries
/// from wrong ones without a mistake, so that a regression would not find one border but many (docs/timeline.md).
double confidence_of(double weight, double window_confidence) {
    constexpr double kConstant = -8;
    constexpr double kWeight = 1.6;
    constexpr double kWindow = 0.9;
    const double sure = std::clamp(search::logit(window_confidence), -7.0, 7.0);
    return search::sigmoid(kConstant + kWeight * std::log(std::max(weight, 1.0)) + kWindow * sure);
}

Played played(const Line& line, double seconds) {
    const Node node = line.at(seconds);
    return {std::clamp(node.place_seconds, 0.0, line.track_seconds()), double(node.transform.time),
            double(node.transform.pitch)};
}

std::vector<Span> evidence_of(const Heard& heard, const Part& part, const Span& within) {
    constexpr Cell kLeast = 2;
    std::vector<Span> spans;
    for (const Chosen& stretch : part.stretches) {
        const CellSeries& evidence = heard.lines[stretch.line]->evidence;
        for (Cell cell = stretch.cells.begin; cell < stretch.cells.end; ++cell) {
            if (weight_of(evidence.at(cell)) <= 0.5F) continue;
            const double begin = begin_of(cell);
            if (!spans.empty() && begin - spans.back().end <= double(kLeast) * kCellSeconds)
                spans.back().end = begin + kCellSeconds;
            else spans.push_back({begin, begin + kCellSeconds});
        }
    }
    for (Span& span : spans) span = {std::max(span.begin, within.begin), std::min(span.end, within.end)};
    std::erase_if(spans, [](const Span& span) { return span.end <= span.begin; });
    return spans;
}

std::vector<Candidate> others_of(const Heard& heard, const Part& part, const Span& where) {
    std::vector<Candidate> others;
    const Line& own = *heard.lines[part.stretches.front().line];
    for (const auto& line : heard.lines) {
        if (line->evidence.end() <= part.begin() || line->evidence.begin() >= part.end()) continue;
        if (line->id() == own.id() && runs_along(*line, own, begin_of(part.begin()))) continue;
        const Stretch best = strongest_stretch(line->evidence, {part.begin(), part.end()});
        const double confidence = confidence_of(double(best.weight), line->window_confidence);
        // What fits for a small part of the entry is another sound beside it, or the next one.
        if (confidence < kLeastCandidate || 3 * (best.cells.end - best.cells.begin) < part.end() - part.begin())
            continue;
        const auto known = std::find_if(others.begin(), others.end(),
                                        [&](const Candidate& other) { return other.track == line->id(); });
        const Candidate candidate{line->id(), confidence, line->at(where.begin).place_seconds};
        if (known == others.end()) others.push_back(candidate);
        else if (known->confidence < confidence) *known = candidate;
    }
    std::stable_sort(others.begin(), others.end(),
                     [](const Candidate& a, const Candidate& b) { return a.confidence > b.confidence; });
    if (others.size() > kMostCandidates) others.resize(kMostCandidates);
    return others;
}

Entry entry_of(const Heard& heard, const Part& part) {
    const Line& first = *heard.lines[part.stretches.front().line];
    const Line& last = *heard.lines[part.stretches.back().line];
    double window_confidence = 0;
    Entry entry;
    for (const Chosen& stretch : part.stretches) {
        const Line& line = *heard.lines[stretch.line];
        window_confidence = std::max(window_confidence, line.window_confidence);
        entry.aligned = std::max(entry.aligned, static_cast<std::uint32_t>(std::lround(line.votes)));
    }
    entry.track = first.id();
    entry.heard = edges_of(first, last, {part.begin(), part.end()}, heard.seconds);
    entry.weight = double(part.weight);
    entry.window_confidence = window_confidence;
    entry.confidence = confidence_of(entry.weight, window_confidence);
    entry.first = played(first, entry.heard.begin);
    entry.last = played(last, entry.heard.end);
    entry.evidence = evidence_of(heard, part, entry.heard);
    entry.others = others_of(heard, part, entry.heard);
    return entry;
}

/// What no entry covers, cut where silence of some length begins and ends.
std::vector<Gap> gaps_of(const Heard& heard, const std::vector<Entry>& entries) {
    std::vector<Gap> gaps;
    const auto add = [&](double begin, double end, GapKind kind) {
        if (end - begin >= kLeastGap) gaps.push_back({{begin, end}, kind});
    };
    const auto add_range = [&](double begin, double end) {
        double at = begin;
        auto cell = static_cast<Cell>(std::ceil(begin / kCellSeconds));
        const auto last = static_cast<Cell>(end / kCellSeconds);
        while (cell < last) {
            Cell quiet = cell;
            while (quiet < last && heard.silent[static_cast<std::size_t>(quiet)]) ++quiet;
            if (seconds_between(cell, quiet) >= kLeastSilence) {
                add(at, begin_of(cell), GapKind::unknown);
                add(begin_of(cell), begin_of(quiet), GapKind::silence);
                at = begin_of(quiet);
            }
            cell = std::max(quiet, cell + 1);
        }
        add(at, end, GapKind::unknown);
    };
    double at = 0;
    for (const Entry& entry : entries) {
        if (entry.heard.begin > at) add_range(at, entry.heard.begin);
        at = std::max(at, entry.heard.end);
    }
    if (heard.seconds > at) add_range(at, heard.seconds);
    return gaps;
}

}  // namespace

Timeline timeline_of(const Heard& heard, double min_confidence) {
    Timeline timeline;
    timeline.seconds = heard.seconds;
    for (const Part& part : parts_of(heard, decide(heard))) {
        Entry entry = entry_of(heard, part);
        if (entry.confidence >= min_confidence) timeline.entries.push_back(std::move(entry));
    }
    std::stable_sort(timeline.entries.begin(), timeline.entries.end(),
                     [](const Entry& a, const Entry& b) { return a.heard.begin < b.heard.begin; });
    timeline.gaps = gaps_of(heard, timeline.entries);
    return timeline;
}

}  // namespace audio_ident::timeline
