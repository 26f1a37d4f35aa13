#include "timeline/decision.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>

#include "search/calibration.hpp"

namespace audio_ident::timeline {

namespace {

// In logarithms of a ratio of probabilities, as weight_of().
constexpr float kBegins = 16;      // a line begins: of all places in the library one is this likely to agree by chance
constexpr float kAnHour = 1;       // more for each factor e of music in the library
constexpr float kDoubt = 4;        // more for each unit of log odds by which every window by itself says no
constexpr float kTrust = 2;        // less for each unit of log odds above kSure by which one window by itself says yes
constexpr float kEnds = 2;         // a line ends
constexpr float kTogether = 0.3F;  // a cell of two lines, beyond that of one

constexpr std::size_t kMostLines = 6;  // that compete in a cell
constexpr Cell kAround = 10;           // cells that say which
constexpr float kWorthIt = 4;          // weight of a stretch within which a line competes
constexpr Cell kMargin = 4;
constexpr double kMostDoubt = 8;
constexpr double kSure = 3;  // log odds: 95 %
constexpr double kMostTrust = 4;

constexpr std::int32_t kNone = -1;

/// The lines that are heard: two, one or none.
struct State {
    std::int32_t first = kNone;  ///< the lower number
    std::int32_t second = kNone;

    bool has(std::int32_t line) const { return line != kNone && (first == line || second == line); }
};

struct Column {
    std::vector<State> states;
    std::vector<std::uint8_t> before;  ///< for each state the best one in the column before
};

/// Sums of a line's weights.
class Weights {
  public:
    explicit Weights(const CellSeries& evidence) : begin_(evidence.begin()), sums_{0} {
        for (Cell cell = begin_; cell < evidence.end(); ++cell)
            sums_.push_back(sums_.back() + double(weight_of(evidence.at(cell))));
    }
    float within(CellRange cells) const { return static_cast<float>(sum_to(cells.end) - sum_to(cells.begin)); }
    float at(Cell cell) const { return within({cell, cell + 1}); }

  private:
    double sum_to(Cell cell) const {
        return sums_[static_cast<std::size_t>(std::clamp<Cell>(cell - begin_, 0, Cell(sums_.size()) - 1))];
    }

    Cell begin_;
    std::vector<double> sums_;
};

double doubt_of(const Line& line) {
    return std::clamp(-search::logit(line.window_confidence), 0.0, kMostDoubt);
}

/// A jingle of two seconds cannot earn what a line costs by its few half seconds, however clearly a window names it.
double trust_in(const Line& line) {
    return std::clamp(search::logit(line.window_confidence) - kSure, 0.0, kMostTrust);
}

/// From the first stretch that speaks for the line to the last.
CellRange competing_range(const CellSeries& evidence) {
    CellRange range;
    CellRange rest{evidence.begin(), evidence.end()};
    float weight = 0;
    Cell begin = rest.begin;
    for (Cell cell = rest.begin; cell < rest.end; ++cell) {
        weight += weight_of(evidence.at(cell));
        if (weight <= 0) {
            weight = 0;
            begin = cell + 1;
        } else if (weight >= kWorthIt) {
            if (range.empty()) range.begin = begin;
            range.end = cell + 1;
        }
    }
    if (range.empty()) return range;
    return {std::max(rest.begin, range.begin - kMargin), std::min(rest.end, range.end + kMargin)};
}

class Decision {
  public:
    explicit Decision(const Heard& heard)
        : heard_(heard), begins_(kBegins + kAnHour * static_cast<float>(std::log1p(heard.library_hours))) {
        for (const auto& line : heard.lines) {
            weights_.emplace_back(line->evidence);
            ranges_.push_back(competing_range(line->evidence));
            beginning_.push_back(begins_ + kDoubt * static_cast<float>(doubt_of(*line)) -
                                 kTrust * static_cast<float>(trust_in(*line)));
        }
        same_sound_.insert(heard.same_sound.begin(), heard.same_sound.end());
        for (std::size_t i = 0; i < ranges_.size(); ++i) by_begin_.push_back(i);
        std::sort(by_begin_.begin(), by_begin_.end(),
                  [&](std::size_t a, std::size_t b) { return ranges_[a].begin < ranges_[b].begin; });
    }

    std::vector<Chosen> run() {
        const auto cells = static_cast<Cell>(heard_.silent.size());
        columns_.reserve(static_cast<std::size_t>(cells) + 1);
        columns_.push_back({{State{}}, {0}});
        std::vector<float> scores{0};
        for (Cell cell = 0; cell < cells; ++cell) scores = step(cell, scores);
        std::size_t at = 0;
        for (std::size_t i = 0; i < scores.size(); ++i) {
            if (scores[i] - ending(columns_.back().states[i]) > scores[at] - ending(columns_.back().states[at])) at = i;
        }
        return collect(at);
    }

  private:
    std::vector<std::size_t> lines_at(Cell cell) {
        for (; next_ < by_begin_.size() && ranges_[by_begin_[next_]].begin <= cell; ++next_)
            current_.push_back(by_begin_[next_]);
        std::erase_if(current_, [&](std::size_t line) { return ranges_[line].end <= cell; });
        auto lines = current_;
        if (lines.size() > kMostLines) {
            const auto around = [&](std::size_t line) {
                return weights_[line].within({cell - kAround, cell + kAround + 1});
            };
            std::sort(lines.begin(), lines.end(), [&](std::size_t a, std::size_t b) { return around(a) > around(b); });
            lines.resize(kMostLines);
        }
        std::sort(lines.begin(), lines.end());
        return lines;
    }

    bool can_sound_together(std::size_t a, std::size_t b) const {
        return !(heard_.lines[a]->id() == heard_.lines[b]->id()) && !same_sound_.contains({a, b});
    }

    std::vector<float> step(Cell cell, const std::vector<float>& scores) {
        const auto lines = lines_at(cell);
        Column column;
        std::vector<float> gains;
        const auto add = [&](State state, float gain) {
            column.states.push_back(state);
            gains.push_back(gain);
        };
        add({}, 0);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto a = static_cast<std::int32_t>(lines[i]);
            const float alone = weights_[lines[i]].at(cell);
            add({a, kNone}, alone);
            for (std::size_t j = i + 1; j < lines.size(); ++j) {
                if (!can_sound_together(lines[i], lines[j])) continue;
                add({a, static_cast<std::int32_t>(lines[j])}, alone + weights_[lines[j]].at(cell) - kTogether);
            }
        }
        const Column& before = columns_.back();
        std::vector<float> next(column.states.size());
        column.before.resize(column.states.size());
        for (std::size_t i = 0; i < column.states.size(); ++i) {
            float best = -std::numeric_limits<float>::max();
            for (std::size_t j = 0; j < before.states.size(); ++j) {
                const float score = scores[j] - changing(before.states[j], column.states[i]);
                if (score <= best) continue;
                best = score;
                column.before[i] = static_cast<std::uint8_t>(j);
            }
            next[i] = best + gains[i];
        }
        // Only differences matter; over days the sums would lose their last digits.
        const float most = *std::max_element(next.begin(), next.end());
        for (float& score : next) score -= most;
        columns_.push_back(std::move(column));
        return next;
    }

    float changing(const State& from, const State& to) const {
        float cost = 0;
        for (const std::int32_t line : {to.first, to.second})
            cost += line != kNone && !from.has(line) ? beginning_[static_cast<std::size_t>(line)] : 0;
        for (const std::int32_t line : {from.first, from.second}) cost += line != kNone && !to.has(line) ? kEnds : 0;
        return cost;
    }
    static float ending(const State& state) {
        return kEnds * static_cast<float>((state.first != kNone) + (state.second != kNone));
    }

    std::vector<Chosen> collect(std::size_t at) const {
        std::vector<Chosen> chosen;
        std::vector<std::size_t> open;  // in `chosen`
        for (std::size_t i = columns_.size() - 1; i > 0; --i) {
            const State& state = columns_[i].states[at];
            const auto cell = static_cast<Cell>(i) - 1;
            std::erase_if(open, [&](std::size_t k) { return !state.has(static_cast<std::int32_t>(chosen[k].line)); });
            for (const std::int32_t line : {state.first, state.second}) {
                if (line == kNone) continue;
                const auto known = std::find_if(open.begin(), open.end(), [&](std::size_t k) {
                    return chosen[k].line == static_cast<std::size_t>(line);
                });
                if (known != open.end()) {
                    chosen[*known].cells.begin = cell;
                    continue;
                }
                open.push_back(chosen.size());
                chosen.push_back({static_cast<std::size_t>(line), {cell, cell + 1}, 0});
            }
            at = columns_[i].before[at];
        }
        for (Chosen& one : chosen) one.weight = weights_[one.line].within(one.cells);
        std::sort(chosen.begin(), chosen.end(),
                  [](const Chosen& a, const Chosen& b) { return a.cells.begin < b.cells.begin; });
        return chosen;
    }

    const Heard& heard_;
    float begins_;
    std::vector<float> beginning_;  ///< of each line: what it costs
    std::vector<Weights> weights_;
    std::vector<CellRange> ranges_;
    std::set<std::pair<std::size_t, std::size_t>> same_sound_;
    std::vector<std::size_t> by_begin_;
    std::size_t next_ = 0;
    std::vector<std::size_t> current_;
    std::vector<Column> columns_;
};

}  // namespace

std::vector<Chosen> decide(const Heard& heard) {
    return Decision(heard).run();
}

}  // namespace audio_ident::timeline
