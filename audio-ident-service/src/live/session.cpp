#include "live/session.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <new>

namespace audio_ident::live {

namespace {

using fingerprint::kSampleRateHz;
using search::Evidence;
using timeline::begin_of;
using timeline::kCellSeconds;

constexpr auto kCellSamples = static_cast<std::size_t>(kCellSeconds * kSampleRateHz);
constexpr Cell kWindowCells = 20;         // 10 s
constexpr Cell kFirstLook = 2;            // cells of a phrase
constexpr Cell kFollowStep = 4;           // cells
constexpr Cell kFirstTransformed = 8;     // cells of a phrase
constexpr Cell kSecondTransformed = 12;   // cells after that
constexpr Cell kBetweenTransformed = 60;  // later
constexpr Cell kPatience = 40;            // cells that tell nothing, that end a play
constexpr Cell kSureCells = 20;           // of the window that recognised a play, that end its confirmation
constexpr double kSure = 0.99;
constexpr double kStillSame = 0.5;  // confidence
constexpr double kWorthTelling = 0.1;
constexpr double kMoreConfident = 0.005;
constexpr double kNearBegin = 3;  // seconds of a track that may be heard before it is recognised
constexpr std::size_t kMostCandidates = 3;
constexpr float kFaint = 1e-6F;  // mean square of silence: -60 dB of full scale

/// Cells from one look to the next, when the window is this long.
Cell step_after(Cell window) {
    if (window < 6) return 1;
    return window < 12 ? 2 : 4;
}

double decibels(double power) {
    return power <= 0 ? kFaintest : std::max(kFaintest, 10 * std::log10(power));
}

/// Exceptions, which only a lack of memory or a bug can throw, become an Error.
template <typename Work>
auto guarded(Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return fail(ErrorKind::internal, "the live answer ran out of memory");
    } catch (const std::exception& error) {
        return fail(ErrorKind::internal, "the live answer failed: {}", error.what());
    }
}

bool same_state(const index::IndexStats& a, const index::IndexStats& b) {
    return a.tracks == b.tracks && a.postings == b.postings && a.frames == b.frames && a.segments == b.segments;
}

}  // namespace

Session::Session(index::FingerprintIndexReader& reader, Executor& executor, Options options)
    : reader_(reader), options_(std::move(options)), recogniser_(executor) {
    begin_phrase(0);
}

double Session::seconds() const {
    return double(samples()) / kSampleRateHz;
}

std::size_t Session::samples() const {
    return static_cast<std::size_t>(buffer_begin_) * kCellSamples + buffer_.size();
}

Result<std::vector<Event>> Session::consume(std::span<const float> samples) {
    return guarded([&]() -> Result<std::vector<Event>> {
        while (!samples.empty()) {
            if (options_.deadline.expired()) return fail(ErrorKind::timeout, "listening was ended");
            const std::size_t in_cell = buffer_.size() - static_cast<std::size_t>(now_ - buffer_begin_) * kCellSamples;
            const auto taken = samples.first(std::min(kCellSamples - in_cell, samples.size()));
            buffer_.insert(buffer_.end(), taken.begin(), taken.end());
            samples = samples.subspan(taken.size());
            if (in_cell + taken.size() < kCellSamples) break;
            ++now_;
            if (auto heard = hear_cell(); !heard) return forward(heard);
        }
        return std::exchange(events_, {});
    });
}

Result<std::vector<Event>> Session::finish() {
    return guarded([&]() -> Result<std::vector<Event>> {
        const bool new_sound = phrase_ && samples_from(phrase_->window).size() > kFirstLook * kCellSamples &&
                               samples() > phrase_->looked_until;
        if (new_sound) {
            if (auto looked = look(); !looked) return forward(looked);
        }
        if (playing_ && playing_->heard() < now_) {
            if (auto followed = follow(); !followed) return forward(followed);
        }
        if (playing_) {
            const bool to_the_end = now_ - playing_->agreed() <= kFollowStep;
            end_play(to_the_end ? seconds() : begin_of(playing_->agreed()), false);
        }
        return std::exchange(events_, {});
    });
}

std::span<const float> Session::samples_from(Cell cell) const {
    return std::span(buffer_).subspan(static_cast<std::size_t>(cell - buffer_begin_) * kCellSamples);
}

Result<void> Session::hear_cell() {
    tell_level(samples_from(now_ - 1).first(kCellSamples));
    if (phrase_ && silent_ && phrase_->begin == now_ - 1) begin_phrase(now_);
    const bool is_due = phrase_ && now_ >= phrase_->next_look;
    if (is_due) {
        if (auto looked = look(); !looked) return looked;
    }
    if (playing_ && now_ - playing_->heard() >= kFollowStep) {
        if (auto followed = follow(); !followed) return followed;
    }
    snapshot_.reset();
    if (now_ - buffer_begin_ <= kWindowCells) return {};
    const Cell gone = now_ - buffer_begin_ - kWindowCells;
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(std::size_t(gone) * kCellSamples));
    buffer_begin_ += gone;
    return {};
}

void Session::tell_level(std::span<const float> samples) {
    double power = 0;
    float peak = 0;
    for (const float x : samples) {
        power += double(x) * double(x);
        peak = std::max(peak, std::abs(x));
    }
    power /= double(samples.size());
    silent_ = power < double(kFaint);
    events_.emplace_back(Level{begin_of(now_), decibels(power), decibels(double(peak) * double(peak))});
}

/// A writer may have changed the index since the last look: what was found in its earlier state is looked up again.
Result<void> Session::open_snapshot() {
    if (snapshot_) return {};
    auto opened = reader_.snapshot(options_.deadline);
    if (!opened) return forward(opened);
    snapshot_ = std::move(*opened);
    if (!same_state(stats_, snapshot_->stats())) recogniser_.clear();
    stats_ = snapshot_->stats();
    return {};
}

void Session::begin_phrase(Cell at) {
    recogniser_.clear();
    phrase_ = Phrase{at, at, at + kFirstLook, at + kFirstTransformed};
}

Result<void> Session::look() {
    if (auto opened = open_snapshot(); !opened) return opened;
    Phrase& phrase = *phrase_;
    const Cell over = now_ - phrase.window - kWindowCells;
    if (over > 0) {
        recogniser_.slide(static_cast<std::size_t>(over) * kCellSamples);
        phrase.window += over;
    }
    const bool at_all_speeds = now_ >= phrase.next_transformed;
    if (at_all_speeds) {
        const bool is_first = now_ - phrase.begin < kFirstTransformed + kSecondTransformed;
        phrase.next_transformed = now_ + (is_first ? kSecondTransformed : kBetweenTransformed);
    }
    phrase.next_look = now_ + step_after(now_ - phrase.window);
    // The same sound, seen twice, says nothing more.
    const std::size_t before = std::exchange(phrase.looked_until, samples());
    if (samples() - before < kCellSamples) phrase.before.reset();
    const auto found =
        recogniser_.look(*snapshot_, samples_from(phrase.window), at_all_speeds ? Speeds::all : Speeds::as_recorded);
    if (auto status = snapshot_->status(); !status) return status;
    weigh(found);
    return {};
}

bool Session::is_claim(const Evidence& best, double window_seconds) const {
    const ClaimRule rule = claim_rule(window_seconds);
    const double confidence = confidence_of(best);
    if (confidence >= rule.alone) return true;
    const auto& before = phrase_->before;
    constexpr double kSameFrames = 6;
    return confidence >= rule.again && before && before->track == best.track && confidence_of(*before) >= kBefore &&
           std::abs(before->match.offset_frames - best.match.offset_frames) < kSameFrames;
}

void Session::weigh(const std::vector<Evidence>& found) {
    const auto same = std::find_if(found.begin(), found.end(), [&](const Evidence& one) {
        return playing_ && confidence_of(one) >= kStillSame && playing_->is_same(one, phrase_->window);
    });
    if (same != found.end()) {
        confirm(*same);
        return;
    }
    const double window_seconds = double(samples_from(phrase_->window).size()) / kSampleRateHz;
    if (!found.empty() && is_claim(found.front(), window_seconds)) {
        if (playing_) end_play(begin_of(std::max(playing_->agreed(), Cell{0})), own_phrase_);
        begin_play(found.front());
        return;
    }
    phrase_->before = found.empty() ? std::nullopt : std::optional(found.front());
    if (!playing_) tell_candidates(found);
}

void Session::tell_candidates(const std::vector<Evidence>& found) {
    const double window_seconds = double(samples_from(phrase_->window).size()) / kSampleRateHz;
    Candidates candidates{seconds(), window_seconds, {}};
    for (const Evidence& one : found) {
        if (candidates.candidates.size() == kMostCandidates || confidence_of(one) < kWorthTelling) break;
        candidates.candidates.push_back(
            {one.track, confidence_of(one),
             one.match.offset_seconds() + window_seconds * double(one.match.transform.time)});
    }
    if (candidates.candidates.empty()) events_.emplace_back(Listening{seconds(), window_seconds});
    else events_.emplace_back(std::move(candidates));
}

void Session::begin_play(const Evidence& found) {
    playing_.emplace(++plays_, found, phrase_->window, now_);
    playing_->set_confidence(confidence_of(found));
    const Play& play = playing_->play();
    const double begun = begin_of(phrase_->begin);
    // The half seconds at the edge of a match are not judged well, and the first seconds of a track may be faint.
    const double of_track = std::max(0.0, play.began_seconds - std::max(0.0, play.place_seconds) / play.time_ratio);
    if (play.began_seconds - of_track <= kNearBegin) playing_->begin_at(std::max(of_track, begun));
    else if (play.began_seconds - begin_of(phrase_->window) <= 1) playing_->begin_at(begin_of(phrase_->window));
    own_phrase_ = true;
    events_.emplace_back(Match{seconds(), seconds() - begun, playing_->play()});
    if (play.confidence >= kSure) phrase_.reset();
}

void Session::confirm(const Evidence& found) {
    const bool moved = playing_->move_to(found, phrase_->window, now_);
    const double confidence = confidence_of(found);
    const bool surer = confidence > playing_->play().confidence + kMoreConfident;
    playing_->set_confidence(std::max(confidence, playing_->play().confidence));
    if (moved || surer) events_.emplace_back(Refined{seconds(), playing_->play()});
    const bool is_over = confidence >= kSure || now_ - phrase_->window >= kSureCells || !own_phrase_;
    if (is_over) phrase_.reset();
}

Result<void> Session::follow() {
    if (auto opened = open_snapshot(); !opened) return opened;
    const Cell begin = std::max(buffer_begin_, now_ - kWindowCells);
    const fingerprint::Clip clip(samples_from(begin), 1);
    const timeline::Window window(*snapshot_, clip, begin_of(begin), {playing_->heard(), now_});
    playing_->hear(window, now_);
    if (auto status = snapshot_->status(); !status) return status;
    if (!phrase_ && playing_->is_doubtful()) {
        begin_phrase(std::max(buffer_begin_, playing_->agreed()));
        own_phrase_ = false;
    } else if (phrase_ && !own_phrase_ && !playing_->is_doubtful()) {
        phrase_.reset();
    }
    end_play_if_over();
    return {};
}

void Session::end_play_if_over() {
    const double track_end = playing_->track_end_seconds();
    const bool at_its_end = track_end <= begin_of(now_);
    if (!at_its_end && now_ - playing_->agreed() < kPatience) return;
    end_play(
        at_its_end ? std::max(track_end, begin_of(playing_->agreed() - kFollowStep)) : begin_of(playing_->agreed()),
        false);
    if (!phrase_ || own_phrase_)
        begin_phrase(std::max(buffer_begin_, std::min(now_, timeline::cell_at(track_end) + 1)));
}

void Session::end_play(double ended_seconds, bool retracted) {
    const double ended = std::clamp(ended_seconds, playing_->play().began_seconds, seconds());
    events_.emplace_back(End{seconds(), ended, retracted, playing_->play()});
    playing_.reset();
}

}  // namespace audio_ident::live
