#include "timeline/listener.hpp"

#include <algorithm>
#include <cmath>

namespace audio_ident::timeline {

namespace {

using fingerprint::kFramesPerSecond;
using fingerprint::kSampleRateHz;
using search::ClipSearch;
using search::Evidence;

constexpr auto kWindowSamples = static_cast<std::size_t>(Window::kSeconds * kSampleRateHz);
constexpr auto kStepSamples = static_cast<std::size_t>(Window::kStepSeconds * kSampleRateHz);
constexpr auto kCellSamples = static_cast<std::size_t>(kCellSeconds * kSampleRateHz);
constexpr auto kEdgeCells = static_cast<Cell>((Window::kSeconds - Window::kStepSeconds) / 2 / kCellSeconds);

constexpr std::size_t kMostThreads = 4;         // of a pass: more gain little
constexpr std::size_t kWindowsKept = 24;        // two minutes
constexpr std::size_t kBetweenTransformed = 6;  // windows
constexpr int kDeafWindows = 4;                 // without evidence, that end the way back along a line
constexpr Cell kPatience = 60;                  // cells without evidence, that end the way forward
constexpr std::size_t kMostActive = 24;
constexpr float kLeastWeight = 8;  // of a line's strongest stretch, that is worth keeping

constexpr double kSameLineSeconds = 0.1;
constexpr double kSameSideSeconds = 0.04;  // of lines that an edit separates
constexpr float kClear = 2;                // evidence of a cell
constexpr double kExplained = 0.85;        // share of a window's cells
constexpr double kMostlyExplained = 0.5;
constexpr double kKnown =
    0.5;                      // confidence of a line that explains: many that fit by chance would together explain all
constexpr float kAgrees = 4;  // weight of a window that keeps a line alive
constexpr float kFaint = 1e-6F;  // mean square of silence: -60 dB of full scale

float weight_within(const Line& line, CellRange cells) {
    float weight = 0;
    for (Cell cell = cells.begin; cell < cells.end; ++cell) weight += weight_of(line.evidence.at(cell));
    return weight;
}

/// Stores what the window says of its own cells.
void store(const Trace& traced, const Window& window, Line& line) {
    const Cell first = window.cell_of(0);
    const CellRange own = window.own();
    for (Cell cell = own.begin; cell < own.end; ++cell) {
        const auto i = static_cast<std::size_t>(cell - first);
        if (i < traced.evidence.size() && line.limits().contains(cell)) line.evidence.set(cell, traced.evidence[i]);
    }
    if (weight_within(line, own) < kAgrees) return;
    ++line.agreeing_windows;
    line.last_agreeing = std::max(line.last_agreeing, own.end - 1);
}

Node node_of(const search::Placement& found, const Window& window) {
    const double half = window.middle_seconds() - window.begin_seconds();
    return {window.middle_seconds(), found.offset_seconds() + half * double(found.transform.time), found.transform};
}

enum class Side { before, after };

std::unique_ptr<Line> line_beside(const Edit& edit, Side side, const Line& known, const Window& window) {
    auto line = std::make_unique<Line>(known.id(), known.track(),
                                       node_of(side == Side::before ? edit.before : edit.after, window));
    line->window_confidence = known.window_confidence;
    line->votes = known.votes;
    line->last_agreeing = window.own().end - 1;
    if (side == Side::before) line->end_no_later(edit.at);
    else line->begin_no_earlier(edit.at);
    return line;
}

/// On which side of the edit the line runs.
Side side_of(const Edit& edit, const Line& line, const Window& window) {
    const double place = line.at(window.middle_seconds()).place_seconds;
    const auto away = [&](const search::Placement& side) {
        return std::abs(node_of(side, window).place_seconds - place);
    };
    return away(edit.before) <= away(edit.after) ? Side::before : Side::after;
}

}  // namespace

void Listener::consume(std::span<const float> samples) {
    while (!samples.empty()) {
        // A window is heard when a step more has come, so that the last one is never a short rest.
        const std::size_t wanted = kWindowSamples + kStepSamples - buffer_.size();
        const auto taken = samples.first(std::min(wanted, samples.size()));
        buffer_.insert(buffer_.end(), taken.begin(), taken.end());
        samples = samples.subspan(taken.size());
        if (buffer_.size() < kWindowSamples + kStepSamples) continue;
        listen_to(kWindowSamples, false);
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(kStepSamples));
        begin_seconds_ += Window::kStepSeconds;
    }
}

Heard Listener::finish() {
    if (!buffer_.empty()) listen_to(buffer_.size(), true);
    Heard heard = so_far();
    heard.seconds = seconds();
    return heard;
}

Heard Listener::so_far() const {
    Heard heard;
    heard.seconds = begin_of(static_cast<Cell>(silent_.size()));
    heard.library_hours = double(snapshot_.stats().frames) / kFramesPerSecond / 3600;
    std::vector<const Active*> worth;
    for (const Active& kept : kept_) worth.push_back(&kept);
    for (const Active& active : active_) {
        if (strongest_stretch(active.line->evidence).weight >= kLeastWeight) worth.push_back(&active);
    }
    std::map<std::size_t, std::size_t> places;
    for (const Active* one : worth) {
        places[one->number] = heard.lines.size();
        heard.lines.push_back(std::make_unique<Line>(*one->line));
    }
    constexpr double kMostly = 0.5;
    for (const Active* one : worth) {
        for (const auto& [other, sameness] : one->beside) {
            const auto place = places.find(other);
            if (place == places.end() || sameness.shared < kMostly * sameness.windows) continue;
            heard.same_sound.push_back(std::minmax(place->second, places.at(one->number)));
        }
    }
    heard.silent = silent_;
    return heard;
}

void Listener::listen_to(std::size_t samples, bool last) {
    const auto begin = static_cast<Cell>(std::lround(begin_seconds_ / kCellSeconds));
    const Cell end = begin + static_cast<Cell>((samples + kCellSamples - 1) / kCellSamples);
    const CellRange own{windows_heard_ == 0 ? begin : begin + kEdgeCells, last ? end : end - kEdgeCells};
    const std::span<const float> clip_samples = std::span(buffer_).first(samples);
    ++windows_heard_;
    const bool is_old = windows_heard_ <= resumed_windows_;
    if (is_old && windows_heard_ + kWindowsKept <= resumed_windows_) return;
    note_silence(clip_samples, {begin, end});
    if (is_silent({begin, end})) {
        if (!is_old) retire(own.end);
        return;
    }
    if (is_old) {
        keep_window(std::make_unique<Window>(snapshot_, fingerprint::Clip(clip_samples, 1), begin_seconds_, own));
        return;
    }
    ClipSearch clip(snapshot_, clip_samples, 1, executor_, std::min(executor_.width(), kMostThreads));
    keep_window(std::make_unique<Window>(snapshot_, clip.clip(), begin_seconds_, own));
    Window& window = *windows_.back();
    const double explained = follow(window);
    // A window shares half of its sound with the next one.
    if (windows_heard_ % 2 == 1) search(clip, effort(explained), window);
    else if (explained < kExplained) search(clip, Effort::quick, window);
    retire(own.end);
}

/// A line is followed back from where it is found, so the costly search need not come in each window: it comes where a
/// stretch begins that no line explains, and every half minute there.
Effort Listener::effort(double explained) {
    if (explained >= kExplained) {
        next_transformed_ = 0;
        return Effort::quick;
    }
    if (explained >= kMostlyExplained || windows_heard_ < next_transformed_) return Effort::thorough;
    return Effort::transformed;
}

void Listener::keep_window(std::unique_ptr<Window> window) {
    constexpr double kKeptSeconds = double(kWindowsKept - 1) * Window::kStepSeconds;
    windows_.push_back(std::move(window));
    while (windows_.front()->begin_seconds() < windows_.back()->begin_seconds() - kKeptSeconds) windows_.pop_front();
}

void Listener::note_silence(std::span<const float> samples, CellRange cells) {
    for (Cell cell = cells.begin; cell < cells.end; ++cell) {
        if (static_cast<std::size_t>(cell) < silent_.size()) continue;
        const auto from = static_cast<std::size_t>(cell - cells.begin) * kCellSamples;
        const auto part = samples.subspan(from, std::min(kCellSamples, samples.size() - from));
        float power = 0;
        for (const float x : part) power += x * x;
        silent_.push_back(power < kFaint * static_cast<float>(part.size()));
    }
}

bool Listener::is_silent(CellRange cells) const {
    return std::all_of(silent_.begin() + cells.begin, silent_.begin() + cells.end, [](bool silent) { return silent; });
}

double Listener::follow(Window& window) {
    const Cell first = window.cell_of(0);
    std::vector<bool> clear(static_cast<std::size_t>(std::ceil(window.clip().seconds() / kCellSeconds)));
    for (std::size_t i = 0; i < clear.size(); ++i) clear[i] = silent_[static_cast<std::size_t>(first) + i];
    std::vector<std::pair<Active*, Trace>> agreeing;  // in order of beginning
    std::vector<std::unique_ptr<Line>> after_edits;
    for (Active& active : active_) {
        if (active.line->limits().end <= window.own().begin) continue;
        Trace traced = trace(window, *active.line);
        if (traced.edit && side_of(*traced.edit, *active.line, window) == Side::before) {
            active.line->end_no_later(traced.edit->at);
            after_edits.push_back(line_beside(*traced.edit, Side::after, *active.line, window));
        }
        store(traced, window, *active.line);
        const bool explains = active.line->window_confidence >= kKnown;
        for (std::size_t i = 0; explains && i < std::min(clear.size(), traced.evidence.size()); ++i)
            clear[i] = clear[i] || traced.evidence[i] >= kClear;
        if (weight_within(*active.line, window.own()) >= kAgrees) agreeing.emplace_back(&active, std::move(traced));
    }
    for (std::size_t i = 0; i < agreeing.size(); ++i) {
        for (std::size_t j = i + 1; j < agreeing.size(); ++j) {
            Sameness& sameness = agreeing[j].first->beside[agreeing[i].first->number];
            sameness.shared += shared_hits(agreeing[i].second, agreeing[j].second);
            ++sameness.windows;
        }
    }
    for (auto& line : after_edits) add_line(std::move(line));
    return double(std::count(clear.begin(), clear.end(), true)) / double(std::max<std::size_t>(clear.size(), 1));
}

void Listener::search(ClipSearch& clip, Effort effort, const Window& window) {
    const Scouted scouted = scout(clip, effort);
    if (scouted.effort == Effort::transformed) next_transformed_ = windows_heard_ + kBetweenTransformed;
    for (const Evidence& found : scouted.found) begin_line(found, window);
}

Line* Listener::same_line(const TrackId& track, const Node& node, double within_seconds) {
    for (const Active& active : active_) {
        Line& line = *active.line;
        if (line.id() == track && line.limits().end > cell_at(node.at_seconds) &&
            std::abs(line.at(node.at_seconds).place_seconds - node.place_seconds) < within_seconds)
            return &line;
    }
    return nullptr;
}

void Listener::begin_line(const Evidence& found, const Window& window) {
    const auto edit = edit_in(window, found.match);
    if (!edit && !is_sharp(found)) return;
    const Node node = node_of(found.match, window);
    if (Line* const known = same_line(found.track, node, kSameLineSeconds)) {
        known->window_confidence = std::max(known->window_confidence, found.confidence);
        known->votes = std::max(known->votes, found.match.votes);
        return;
    }
    auto line = std::make_unique<Line>(found.track, found.match.track, node);
    line->window_confidence = found.confidence;
    line->votes = found.match.votes;
    line->last_agreeing = window.own().end - 1;
    if (!edit) {
        add_line(std::move(line));
        return;
    }
    for (const Side side : {Side::before, Side::after}) add_line(line_beside(*edit, side, *line, window));
}

/// At an edit the way back goes on along another line.
void Listener::add_line(std::unique_ptr<Line> line) {
    while (line) {
        if (Line* const known = same_line(line->id(), line->nodes().front(), kSameSideSeconds)) {
            known->end_no_later(line->limits().end);
            break;
        }
        auto earlier = trace_back(*line);
        active_.push_back({std::move(line), next_number_++});
        line = std::move(earlier);
    }
    while (active_.size() > kMostActive) drop_weakest();
}

void Listener::drop_weakest() {
    const auto recent = [](const Active& active) {
        const CellSeries& evidence = active.line->evidence;
        return weight_within(*active.line, {evidence.end() - kPatience, evidence.end()});
    };
    const auto weakest = std::min_element(active_.begin(), active_.end(),
                                          [&](const Active& a, const Active& b) { return recent(a) < recent(b); });
    if (strongest_stretch(weakest->line->evidence).weight >= kLeastWeight) kept_.push_back(std::move(*weakest));
    active_.erase(weakest);
}

std::unique_ptr<Line> Listener::trace_back(Line& line) {
    int deaf = 0;
    for (auto window = windows_.rbegin(); window != windows_.rend() && deaf < kDeafWindows; ++window) {
        const CellRange own = (*window)->own();
        if (own.begin >= line.limits().end) continue;
        const bool before_track = line.at((*window)->begin_seconds() + Window::kSeconds).place_seconds <= 0;
        if (before_track || own.end <= line.limits().begin) break;
        const Trace traced = trace(**window, line);
        if (traced.edit && side_of(*traced.edit, line, **window) == Side::after) {
            line.begin_no_earlier(traced.edit->at);
            store(traced, **window, line);
            return line_beside(*traced.edit, Side::before, line, **window);
        }
        store(traced, **window, line);
        deaf = weight_within(line, own) >= kAgrees ? 0 : deaf + 1;
    }
    return nullptr;
}

void Listener::retire(Cell now) {
    for (auto active = active_.begin(); active != active_.end();) {
        const Line& line = *active->line;
        const bool over = line.at(begin_of(now)).place_seconds > line.track_seconds() || line.limits().end <= now;
        if (!over && now - line.last_agreeing < kPatience) {
            ++active;
            continue;
        }
        if (strongest_stretch(line.evidence).weight >= kLeastWeight) kept_.push_back(std::move(*active));
        active = active_.erase(active);
    }
}

}  // namespace audio_ident::timeline
