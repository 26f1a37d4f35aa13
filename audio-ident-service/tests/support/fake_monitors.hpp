#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/monitor_store.hpp"
#include "catalog/timestamp_text.hpp"
#include "support/fake_deliveries.hpp"

namespace audio_ident::test {

/// A MonitorStore in memory. The contract tests run on it as on the real ones. Thread-safe.
class FakeMonitors : public catalog::MonitorStore {
  public:
    Result<void> add(const catalog::MonitorRow& row, const Deadline&) override {
        const std::lock_guard lock(mutex_);
        if (!fits(row) || !rows_.try_emplace(row.id, Kept{row, {}, {}}).second) return refused();
        return {};
    }
    Result<bool> change(const catalog::MonitorRow& row, const Deadline&) override {
        const std::lock_guard lock(mutex_);
        const auto found = rows_.find(row.id);
        if (found == rows_.end()) return false;
        if (!fits(row)) return refused();
        auto& kept = found->second.row;
        kept.name = row.name;
        kept.source = row.source;
        kept.min_confidence = row.min_confidence;
        kept.paused = row.paused;
        kept.now.status = catalog::MonitorStatus::waiting;
        kept.now.detail.reset();
        return true;
    }
    Result<bool> note(const Uuid& id, const std::string& keeper, const catalog::MonitorNow& now,
                      const Deadline&) override {
        const std::lock_guard lock(mutex_);
        if (!is_kept_by(id, keeper)) return false;
        rows_.at(id).row.now = now;
        return true;
    }
    Result<bool> remove(const Uuid& id, const Deadline&) override {
        const std::lock_guard lock(mutex_);
        remove_plays([&](const auto& play) { return play.monitor == id; });
        std::erase_if(outages_, [&](const auto& outage) { return outage.monitor == id; });
        for (const auto& sound : sounds_of(id)) remove_sound(sound.row.id);
        return rows_.erase(id) > 0;
    }
    Result<std::optional<catalog::MonitorRow>> find(const Uuid& id, const Deadline&) override {
        const std::lock_guard lock(mutex_);
        const auto found = rows_.find(id);
        return found == rows_.end() ? std::nullopt : std::optional(found->second.row);
    }
    Result<std::vector<catalog::MonitorRow>> list(const Deadline&) override {
        const std::lock_guard lock(mutex_);
        return listed([](const Kept&) { return true; });
    }
    Result<catalog::KeptMonitors> claim(const std::string& keeper, catalog::Timestamp now, catalog::Timestamp until,
                                        const Deadline&) override {
        const std::lock_guard lock(mutex_);
        catalog::KeptMonitors has;
        for (auto& [id, kept] : rows_) {
            if (kept.keeper != keeper && !kept.keeper.empty() && kept.until >= now) continue;
            if (kept.keeper != keeper) has.taken.push_back(id);
            kept.keeper = keeper;
            kept.until = until;
        }
        has.rows = listed([&](const Kept& kept) { return kept.keeper == keeper; });
        return has;
    }

    Result<bool> store(const Uuid& monitor, const std::string& keeper, const catalog::PlayChanges& changes,
                       const Deadline&) override {
        const std::lock_guard lock(mutex_);
        if (!is_kept_by(monitor, keeper)) return false;
        for (const Uuid& id : changes.removed) remove_plays([&](const auto& play) { return play.id == id; });
        if (changes.deliver == catalog::Deliver::final_plays) deliver(changes.put);
        for (const auto& play : changes.put) {
            std::erase_if(plays_, [&](const auto& known) { return known.id == play.id; });
            plays_.push_back(play);
        }
        if (changes.now) rows_.at(monitor).row.now = *changes.now;
        return true;
    }
    Result<catalog::PlayPage> plays(const catalog::PlayFilter& filter, std::int64_t offset, std::int64_t limit,
                                    const Deadline&) override {
        const std::lock_guard lock(mutex_);
        auto found = fitting(filter);
        catalog::PlayPage page;
        page.total = static_cast<std::int64_t>(found.size());
        for (auto i = offset; i < std::min(page.total, offset + limit); ++i)
            page.plays.push_back(found[static_cast<std::size_t>(i)]);
        return page;
    }
    Result<std::vector<catalog::PlayTotal>> totals(const catalog::PlayFilter& filter, catalog::TotalsBy by,
                                                   std::int64_t limit, const Deadline&) override {
        const std::lock_guard lock(mutex_);
        std::map<std::string, catalog::PlayTotal> totals;
        for (const auto& play : fitting(filter)) {
            using catalog::TotalsBy;
            const std::string day = catalog::timestamp_to_text(play.started_at).substr(0, 10);
            const std::string key = by == TotalsBy::track    ? play.track.to_string()
                                    : by == TotalsBy::artist ? play.artist.value_or("")
                                                             : day;
            auto& total = totals[key];
            total.name = by == TotalsBy::track ? play.title : key;
            if (by == TotalsBy::track) {
                total.track = play.track;
                total.artist = play.artist;
            }
            ++total.plays;
            total.seconds += std::chrono::duration<double>(play.ended_at - play.started_at).count();
        }
        std::vector<catalog::PlayTotal> sorted;
        for (const auto& [key, total] : totals) sorted.push_back(total);
        if (by == catalog::TotalsBy::day) std::ranges::reverse(sorted);
        else
            std::ranges::stable_sort(sorted, [](const auto& a, const auto& b) {
                return a.plays != b.plays ? a.plays > b.plays : a.name < b.name;
            });
        if (sorted.size() > static_cast<std::size_t>(limit)) sorted.resize(static_cast<std::size_t>(limit));
        return sorted;
    }
    Result<std::vector<catalog::PlayRow>> recent(const Uuid& monitor, catalog::Timestamp ended_since,
                                                 const Deadline&) override {
        const std::lock_guard lock(mutex_);
        auto found = fitting({.monitor = monitor});
        std::erase_if(found, [&](const auto& play) { return play.final && play.ended_at < ended_since; });
        std::ranges::stable_sort(found, [](const auto& a, const auto& b) {
            return std::pair(a.started_at, a.id) < std::pair(b.started_at, b.id);
        });
        return found;
    }
    Result<bool> put_outage(const catalog::OutageRow& outage, const std::string& keeper, const Deadline&) override {
        const std::lock_guard lock(mutex_);
        if (!is_kept_by(outage.monitor, keeper)) return false;
        std::erase_if(outages_, [&](const auto& known) { return known.id == outage.id; });
        outages_.push_back(outage);
        return true;
    }
    Result<std::vector<catalog::OutageRow>> outages(const Uuid& monitor, std::int64_t limit, const Deadline&) override {
        const std::lock_guard lock(mutex_);
        std::vector<catalog::OutageRow> found;
        std::ranges::copy_if(outages_, std::back_inserter(found),
                             [&](const auto& outage) { return outage.monitor == monitor; });
        std::ranges::stable_sort(found, [](const auto& a, const auto& b) { return a.started_at > b.started_at; });
        if (found.size() > static_cast<std::size_t>(limit)) found.resize(static_cast<std::size_t>(limit));
        return found;
    }
    Result<std::int64_t> forget(catalog::Timestamp before, const Deadline&) override {
        const std::lock_guard lock(mutex_);
        std::erase_if(outages_, [&](const auto& outage) { return outage.ended_at && *outage.ended_at < before; });
        std::erase_if(sound_plays_, [&](const auto& play) { return play.ended_at < before; });
        std::erase_if(sounds_, [&](const auto& row) {
            return row.last_heard_at < before && !row.track && plays_of(row.id).empty();
        });
        return remove_plays([&](const auto& play) { return play.final && play.ended_at < before; });
    }

    Result<catalog::SoundPage> sounds(const Uuid& monitor, std::int64_t offset, std::int64_t limit,
                                      const Deadline&) override {
        const std::lock_guard lock(mutex_);
        auto found = sounds_of(monitor);
        catalog::SoundPage page;
        page.total = static_cast<std::int64_t>(found.size());
        for (auto i = offset; i < page.total && i - offset < limit; ++i)
            page.sounds.push_back(found[static_cast<std::size_t>(i)]);
        return page;
    }
    Result<std::optional<catalog::CountedSound>> find_sound(const Uuid& monitor, std::int64_t number,
                                                            const Deadline&) override {
        const std::lock_guard lock(mutex_);
        for (const auto& sound : sounds_of(monitor)) {
            if (sound.row.number == number) return sound;
        }
        return std::nullopt;
    }
    Result<std::vector<catalog::SoundPlayRow>> sound_plays(const Uuid& sound, std::int64_t limit,
                                                           const Deadline&) override {
        const std::lock_guard lock(mutex_);
        auto found = plays_of(sound);
        std::ranges::reverse(found);
        if (found.size() > static_cast<std::size_t>(limit)) found.resize(static_cast<std::size_t>(limit));
        return found;
    }
    Result<std::vector<catalog::SoundPlayRow>> recent_sound_plays(const Uuid& monitor, catalog::Timestamp ended_since,
                                                                  const Deadline&) override {
        const std::lock_guard lock(mutex_);
        std::vector<catalog::SoundPlayRow> found;
        for (const auto& sound : sounds_of(monitor))
            std::ranges::copy_if(plays_of(sound.row.id), std::back_inserter(found),
                                 [&](const auto& play) { return play.ended_at >= ended_since; });
        std::ranges::stable_sort(found, {}, &catalog::SoundPlayRow::started_at);
        return found;
    }
    Result<bool> store_sounds(const Uuid& monitor, const std::string& keeper, const catalog::SoundChanges& changes,
                              const Deadline&) override {
        const std::lock_guard lock(mutex_);
        if (!is_kept_by(monitor, keeper)) return false;
        for (const Uuid& id : changes.removed) remove_sound(id);
        for (const Uuid& id : changes.removed_plays)
            std::erase_if(sound_plays_, [&](const auto& play) { return play.id == id; });
        for (const auto& row : changes.put) {
            const auto is_taken = [&](const auto& known) {
                return known.id != row.id && known.monitor == row.monitor && known.number == row.number;
            };
            if (std::ranges::any_of(sounds_, is_taken)) return refused();
            const auto known = std::ranges::find(sounds_, row.id, &catalog::SoundRow::id);
            if (known == sounds_.end()) sounds_.push_back(row);
            else {
                const auto track = known->track;
                *known = row;
                known->track = track;
            }
        }
        for (const auto& play : changes.plays) {
            std::erase_if(sound_plays_, [&](const auto& known) { return known.id == play.id; });
            sound_plays_.push_back(play);
        }
        return true;
    }
    Result<bool> keep_sound(const Uuid& sound, const TrackId& track, const Deadline&) override {
        const std::lock_guard lock(mutex_);
        const auto known = std::ranges::find(sounds_, sound, &catalog::SoundRow::id);
        if (known == sounds_.end()) return false;
        known->track = track;
        return true;
    }

    /// The plays of these monitors that wait for the webhook.
    catalog::DeliveryStore& deliveries() { return deliveries_; }

  private:
    struct Kept {
        catalog::MonitorRow row;
        std::string keeper;
        catalog::Timestamp until;
    };

    bool is_kept_by(const Uuid& monitor, const std::string& keeper) const {
        const auto found = rows_.find(monitor);
        return found != rows_.end() && !keeper.empty() && found->second.keeper == keeper;
    }
    template <typename Condition>
    std::int64_t remove_plays(Condition condition) {
        for (const auto& play : plays_) {
            if (condition(play)) static_cast<void>(deliveries_.finish(play.id, {}));
        }
        return static_cast<std::int64_t>(std::erase_if(plays_, condition));
    }
    void deliver(std::vector<catalog::PlayRow> plays) {
        std::ranges::stable_sort(plays, {}, &catalog::PlayRow::started_at);
        for (const auto& play : plays) {
            const bool was_final =
                std::ranges::any_of(plays_, [&](const auto& known) { return known.id == play.id && known.final; });
            if (play.final && !was_final) deliveries_.add(play, rows_.at(play.monitor).row.name);
        }
    }
    bool fits(const catalog::MonitorRow& row) const {
        const bool is_known = std::ranges::any_of(
            rows_, [&](const auto& kept) { return kept.second.row.name == row.name && kept.first != row.id; });
        return !is_known && !row.name.empty() && !row.source.empty() && row.source.size() <= 4096 &&
               row.min_confidence >= 0 && row.min_confidence <= 1;
    }
    static Unexpected refused() { return fail(ErrorKind::invalid_input, "fake monitors: there is such a one already"); }
    template <typename Condition>
    std::vector<catalog::MonitorRow> listed(Condition condition) const {
        std::vector<catalog::MonitorRow> rows;
        for (const auto& [id, kept] : rows_) {
            if (condition(kept)) rows.push_back(kept.row);
        }
        std::ranges::sort(rows, {}, &catalog::MonitorRow::name);
        return rows;
    }
    /// Newest first.
    std::vector<catalog::PlayRow> fitting(const catalog::PlayFilter& filter) const {
        std::vector<catalog::PlayRow> found;
        std::ranges::copy_if(plays_, std::back_inserter(found), [&](const auto& play) {
            return (!filter.monitor || play.monitor == *filter.monitor) &&
                   (!filter.track || play.track == *filter.track) &&
                   (!filter.from || play.started_at >= *filter.from) && (!filter.to || play.started_at < *filter.to);
        });
        std::ranges::stable_sort(found, [](const auto& a, const auto& b) {
            return a.started_at != b.started_at ? a.started_at > b.started_at : a.id < b.id;
        });
        return found;
    }

    /// Oldest first.
    std::vector<catalog::SoundPlayRow> plays_of(const Uuid& sound) const {
        std::vector<catalog::SoundPlayRow> found;
        std::ranges::copy_if(sound_plays_, std::back_inserter(found),
                             [&](const auto& play) { return play.sound == sound; });
        std::ranges::stable_sort(found, {}, &catalog::SoundPlayRow::started_at);
        return found;
    }
    /// Most plays first.
    std::vector<catalog::CountedSound> sounds_of(const Uuid& monitor) const {
        std::vector<catalog::CountedSound> found;
        for (const auto& row : sounds_) {
            if (row.monitor == monitor) found.push_back({row, std::ssize(plays_of(row.id))});
        }
        std::ranges::sort(found, [](const auto& a, const auto& b) {
            return a.plays != b.plays ? a.plays > b.plays : a.row.number < b.row.number;
        });
        return found;
    }
    void remove_sound(const Uuid& id) {
        std::erase_if(sounds_, [&](const auto& row) { return row.id == id; });
        std::erase_if(sound_plays_, [&](const auto& play) { return play.sound == id; });
    }

    mutable std::mutex mutex_;
    std::map<Uuid, Kept> rows_;
    std::vector<catalog::PlayRow> plays_;
    std::vector<catalog::OutageRow> outages_;
    FakeDeliveries deliveries_;
    std::vector<catalog::SoundRow> sounds_;
    std::vector<catalog::SoundPlayRow> sound_plays_;
};

}  // namespace audio_ident::test
