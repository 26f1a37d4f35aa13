#include "monitor/unknown_sounds/sound_keeper.hpp"

#include <algorithm>
#include <limits>
#include <spdlog/spdlog.h>

#include "catalog/timestamp_text.hpp"
#include "monitor/feed/feed.hpp"
#include "util/thread_priority.hpp"

namespace audio_ident::monitor {
namespace {

using catalog::CountedSound;
using catalog::MonitorStatus;
using catalog::SoundPlayRow;

constexpr auto kAll = std::numeric_limits<std::int64_t>::max();
constexpr std::chrono::milliseconds kBeside{500};  // the borders of a sound are not exact

constexpr std::chrono::minutes kRead{2};                  // of a day of sound
constexpr std::chrono::milliseconds kComesToAnEnd{1000};  // a station that was paused a moment ago

Deadline soon() {
    return Deadline::after(std::chrono::seconds(30));
}

bool is_over(const catalog::MonitorRow& row) {
    return row.paused || row.now.status == MonitorStatus::ended;
}

}  // namespace

SoundKeeper::SoundKeeper(Parts parts, Settings settings) : parts_(std::move(parts)), settings_(settings) {
    thread_ = std::jthread([this](const std::stop_token& stop) { keep(stop); });
}

SoundKeeper::~SoundKeeper() = default;

std::shared_ptr<SoundRing> SoundKeeper::ring_of(const catalog::MonitorRow& monitor) {
    const std::lock_guard lock(mutex_);
    auto& station = stations_[monitor.id];
    if (!station.ring) {
        station.row = monitor;
        station.begins_again = is_recording(monitor.source);
        if (station.begins_again) station.since = catalog::current_timestamp();
        station.ring = std::make_shared<SoundRing>(parts_.files.folder());
        station.due = Clock::now() + settings_.every;
    }
    return station.ring;
}

void SoundKeeper::look_after(const std::vector<catalog::MonitorRow>& own) {
    const std::lock_guard lock(mutex_);
    std::erase_if(stations_, [&](const auto& kept) {
        return std::ranges::none_of(own, [&](const auto& row) { return row.id == kept.first; });
    });
    for (const auto& row : own) {
        const auto known = stations_.find(row.id);
        if (known == stations_.end()) continue;  // It was not heard since the start.
        if (is_over(row) && !is_over(known->second.row)) known->second.due = Clock::now() + kComesToAnEnd;
        known->second.row = row;
    }
    changed_.notify_all();
}

void SoundKeeper::forget_others(const std::vector<Uuid>& all) {
    parts_.files.keep_only(all);
}

void SoundKeeper::keep(const std::stop_token& stop) {
    util::take_lowest_priority();
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        const auto next = std::ranges::min_element(stations_, {}, [](const auto& kept) { return kept.second.due; });
        if (next == stations_.end() || next->second.due > Clock::now()) {
            changed_.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
            continue;
        }
        Station station = next->second;
        lock.unlock();
        const auto looked = look(station, stop);
        if (!looked && !stop.stop_requested())
            spdlog::warn("monitor \"{}\": unknown sounds: {}", station.row.name, looked.error().message);
        lock.lock();
        const auto still = stations_.find(station.row.id);
        if (still == stations_.end()) continue;
        if (looked && is_over(station.row) && is_over(still->second.row)) {
            stations_.erase(still);
            continue;
        }
        still->second.compared_until = station.compared_until;
        still->second.begins_again = station.begins_again;
        const bool is_over_now = is_over(still->second.row) && !is_over(station.row);
        still->second.due = Clock::now() + (is_over_now ? kComesToAnEnd : settings_.every);
    }
}

Result<HeardHours> SoundKeeper::hours_of(const Station& station, const std::stop_token& stop) {
    const auto now = catalog::current_timestamp();
    const auto since = std::max(now - settings_.compared, station.since);
    HeardHours hours;
    hours.monitor = station.row.id;
    hours.compared_until = station.compared_until;
    auto pieces = parts_.rolling.sound_of(station.row.id, since, Deadline::after(kRead, stop));
    if (!pieces) return forward(pieces);
    hours.pieces = std::move(*pieces);
    // The station says that it is over after its plays were made final.
    if (!is_over(station.row)) {
        const auto heard_until = hours.pieces.empty() ? now : end_of(hours.pieces.back());
        hours.settled_until = std::max(now, heard_until) - kFinalAfter;
    }
    auto plays = parts_.store.recent(station.row.id, since, soon());
    if (!plays) return forward(plays);
    hours.plays = std::move(*plays);
    auto known = parts_.store.sounds(station.row.id, 0, kAll, soon());
    if (!known) return forward(known);
    hours.known = std::move(known->sounds);
    auto sounded = parts_.store.recent_sound_plays(station.row.id, since, soon());
    if (!sounded) return forward(sounded);
    hours.sounded = std::move(*sounded);
    return hours;
}

/// A recording is heard from its beginning, so what was found before is found again, but for what was kept.
Result<void> SoundKeeper::begin_again(const Uuid& monitor) {
    const auto known = parts_.store.sounds(monitor, 0, kAll, soon());
    if (!known) return forward(known);
    const auto plays = parts_.store.recent_sound_plays(monitor, {}, soon());
    if (!plays) return forward(plays);
    catalog::SoundChanges changes;
    for (const auto& play : *plays) changes.removed_plays.push_back(play.id);
    for (const auto& sound : known->sounds) {
        if (!sound.row.track) changes.removed.push_back(sound.row.id);
    }
    if (changes.empty()) return {};
    const auto stored = parts_.store.store_sounds(monitor, parts_.keeper, changes, soon());
    return stored ? Result<void>() : forward(stored);
}

Result<void> SoundKeeper::look(Station& station, const std::stop_token& stop) {
    if (station.begins_again) {
        if (const auto begun = begin_again(station.row.id); !begun) return forward(begun);
        station.begins_again = false;
    }
    auto hours = hours_of(station, stop);
    if (!hours) return forward(hours);
    const auto found = find_sounds(*hours, stop);
    if (stop.stop_requested()) return {};
    hours->pieces.clear();
    if (!found.changes.empty()) {
        const auto stored = parts_.store.store_sounds(station.row.id, parts_.keeper, found.changes, soon());
        if (!stored) return forward(stored);
        if (!*stored) return {};
    }
    station.compared_until = found.compared_until;
    const auto sounds = parts_.store.sounds(station.row.id, 0, kAll, soon());
    if (!sounds) return forward(sounds);
    const auto plays = parts_.store.recent_sound_plays(
        station.row.id, catalog::current_timestamp() - SoundRing::kLasts - settings_.every, soon());
    if (!plays) return forward(plays);
    cut_out(station, sounds->sounds, *plays);
    return {};
}

/// Of a sound without a file the longest play that was kept.
void SoundKeeper::cut_out(const Station& station, const std::vector<CountedSound>& sounds,
                          const std::vector<SoundPlayRow>& plays) {
    std::vector<Uuid> ids;
    for (const auto& sound : sounds) {
        ids.push_back(sound.row.id);
        if (!station.ring || parts_.files.has(station.row.id, sound.row.id)) continue;
        auto own = plays;
        std::erase_if(own, [&](const auto& play) { return play.sound != sound.row.id; });
        std::ranges::sort(own, std::ranges::greater(),
                          [](const auto& play) { return play.ended_at - play.started_at; });
        for (const auto& play : own) {
            auto samples = station.ring->read(play.started_at - kBeside, play.ended_at + kBeside);
            if (!samples) samples = station.ring->read(play.started_at, play.ended_at);
            if (!samples) continue;
            const auto written = parts_.files.write(station.row.id, sound.row.id, *samples);
            if (!written && !std::exchange(told_, true))
                spdlog::warn("unknown sounds cannot be kept: {}", written.error().message);
            if (written) told_ = false;
            break;
        }
    }
    parts_.files.keep_only(station.row.id, ids);
}

}  // namespace audio_ident::monitor
