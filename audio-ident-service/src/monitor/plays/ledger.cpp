#include "monitor/plays/ledger.hpp"

#include <algorithm>
#include <cmath>

namespace audio_ident::monitor {
namespace {

using catalog::PlayChanges;
using catalog::PlayRow;

constexpr double kSamePlaceSeconds = 2;
constexpr double kAfterOutage = 8;                // the same: servers send some seconds of the past on connection
constexpr double kDrift = 0.01;                   // more for each second in between
constexpr std::chrono::seconds kPlaceIsSure{20};  // of a play: music that repeats itself agrees at several places
constexpr std::chrono::seconds kTail{10};         // of a final play, that may still be heard
constexpr std::chrono::seconds kGap{1};           // that is worth noting
constexpr std::chrono::seconds kProgress{15};     // that is worth storing

double seconds_between(Timestamp a, Timestamp b) {
    return std::chrono::duration<double>(b - a).count();
}

bool goes_on_with(const HeardPlay& play, const HeardPlay& next) {
    const double pause = seconds_between(play.end, next.begin);
    const double place = play.end_place_seconds + pause * play.speed;
    return play.track == next.track && next.begin <= play.end + kFinalAfter &&
           std::abs(place - next.place_seconds) <= kSamePlaceSeconds + kDrift * std::max(pause, 0.0);
}

/// The engine may follow a track along two lines, the one after the other or beside it, or lose it for a while.
std::vector<HeardPlay> in_one_piece(std::span<const HeardPlay> heard) {
    std::vector<HeardPlay> plays;
    for (const HeardPlay& next : heard) {
        const auto play =
            std::ranges::find_if(plays, [&](const HeardPlay& before) { return goes_on_with(before, next); });
        if (play == plays.end()) {
            plays.push_back(next);
            continue;
        }
        if (next.end - next.begin > play->end - play->begin) {
            play->speed = next.speed;
            play->pitch = next.pitch;
        }
        play->confidence = std::max(play->confidence, next.confidence);
        if (next.end <= play->end) continue;
        play->end = next.end;
        play->end_place_seconds = next.end_place_seconds;
    }
    return plays;
}

PlayRow joined(const std::optional<PlayRow>& before, PlayRow row, const HeardPlay& heard) {
    row.ended_at = heard.end;
    row.end_place_seconds = heard.end_place_seconds;
    row.confidence = heard.confidence;
    if (!before) {
        row.started_at = heard.begin;
        row.place_seconds = heard.place_seconds;
        row.speed = heard.speed;
        row.pitch = heard.pitch;
        return row;
    }
    row.gaps = before->gaps;
    if (heard.begin > before->ended_at + kGap) row.gaps.push_back({before->ended_at, heard.begin});
    row.confidence = std::max(row.confidence, before->confidence);
    if (before->ended_at > row.ended_at) {
        row.ended_at = before->ended_at;
        row.end_place_seconds = before->end_place_seconds;
    }
    return row;
}

}  // namespace

Ledger::Ledger(const Uuid& monitor, std::vector<PlayRow> recent) : monitor_(monitor) {
    for (auto& row : recent) plays_.push_back({row, row, row});
}

void Ledger::cut() {
    for (Play& play : plays_) play.before = play.row;
}

/// The play that this one goes on, or is: the same track, at the place that it must have reached.
Ledger::Play* Ledger::going_on(const HeardPlay& heard) {
    Play* best = nullptr;
    double least = 0;
    for (Play& play : plays_) {
        const PlayRow& row = play.row;
        if (play.matched || row.track != heard.track) continue;
        if (heard.end < row.started_at || heard.begin > row.ended_at + kFinalAfter) continue;
        const double later = seconds_between(row.started_at, heard.begin);
        const double from_begin = std::abs(row.place_seconds + later * row.speed - heard.place_seconds);
        const double pause = seconds_between(row.ended_at, heard.begin);
        const double from_end = std::abs(row.end_place_seconds + pause * row.speed - heard.place_seconds);
        const double off = std::min(from_begin, from_end);
        const bool is_after_outage = play.before && heard.begin > play.before->ended_at;
        const double most = is_after_outage ? kAfterOutage : kSamePlaceSeconds;
        if (off > most + kDrift * std::max(pause, 0.0) || (best != nullptr && off >= least)) continue;
        best = &play;
        least = off;
    }
    return best;
}

/// The play that an outage interrupted, and that must still go on, when the place is too young to be sure.
Ledger::Play* Ledger::going_on_somewhere(const HeardPlay& heard, const Library& library) {
    if (heard.end - heard.begin >= kPlaceIsSure) return nullptr;
    const auto is_it = [&](const Play& play) {
        return !play.matched && !play.row.final && play.row.track == heard.track && play.before &&
               heard.begin > play.before->ended_at && heard.begin <= play.before->ended_at + kFinalAfter;
    };
    const auto play = std::ranges::find_if(plays_, is_it);
    if (play == plays_.end()) return nullptr;
    const PlayRow& before = *play->before;
    const double reached = before.end_place_seconds + seconds_between(before.ended_at, heard.end) * before.speed;
    const auto track = library(heard.track);
    return track && reached <= track->seconds ? &*play : nullptr;
}

void Ledger::put_if_changed(Play& play, PlayChanges& changes) {
    if (play.stored == play.row) return;
    play.stored = play.row;
    changes.put.push_back(play.row);
}

/// While only its end moves, it need not be stored each time.
bool Ledger::can_wait(const Play& play, Timestamp until) {
    if (!play.stored || play.row.final || play.row.ended_at + kProgress < until) return false;
    PlayRow same = *play.stored;
    if (play.row.ended_at < same.ended_at || play.row.ended_at >= same.ended_at + kProgress) return false;
    same.ended_at = play.row.ended_at;
    same.end_place_seconds = play.row.end_place_seconds;
    same.confidence = play.row.confidence;
    return same == play.row;
}

PlayChanges Ledger::hear(std::span<const HeardPlay> heard, Timestamp until, const Library& library,
                         const std::optional<std::string>& hint) {
    PlayChanges changes;
    for (Play& play : plays_) play.matched = false;
    for (const HeardPlay& one : in_one_piece(heard)) {
        Play* play = going_on(one);
        if (play != nullptr && play->row.final) {
            // The end of a play that is final may still be heard after a cut.
            if (one.end <= play->row.ended_at + kTail) continue;
            play = nullptr;
        }
        if (play == nullptr) play = going_on_somewhere(one, library);
        if (play == nullptr) {
            auto known = library(one.track);
            if (!known) continue;
            PlayRow row;
            row.id = Uuid::random();
            row.monitor = monitor_;
            row.track = one.track;
            row.title = std::move(known->title);
            row.artist = std::move(known->artist);
            row.hint = hint;
            play = &plays_.emplace_back(Play{std::move(row)});
        }
        play->matched = true;
        play->row = joined(play->before, play->row, one);
    }
    for (Play& play : plays_) {
        if (play.matched || play.row.final) continue;
        if (play.before) play.row = *play.before;
        else if (play.stored) changes.removed.push_back(play.row.id);
    }
    std::erase_if(plays_, [](const Play& play) { return !play.matched && !play.row.final && !play.before; });
    for (Play& play : plays_) {
        if (!can_wait(play, until)) put_if_changed(play, changes);
    }
    auto settled = settle(until);
    for (auto& row : settled.put) {
        std::erase_if(changes.put, [&](const PlayRow& put) { return put.id == row.id; });
        changes.put.push_back(std::move(row));
    }
    return changes;
}

PlayChanges Ledger::rest() {
    PlayChanges changes;
    for (Play& play : plays_) put_if_changed(play, changes);
    return changes;
}

PlayChanges Ledger::settle(Timestamp now) {
    PlayChanges changes;
    for (Play& play : plays_) {
        if (play.row.final || play.row.ended_at + kFinalAfter > now) continue;
        play.row.final = true;
        play.before = play.row;
        put_if_changed(play, changes);
    }
    std::erase_if(plays_, [&](const Play& play) { return play.row.final && play.row.ended_at + kRemembered < now; });
    return changes;
}

}  // namespace audio_ident::monitor
