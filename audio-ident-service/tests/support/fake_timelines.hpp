#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "catalog/timeline_store.hpp"

namespace audio_ident::test {

/// A TimelineStore in memory. The contract tests run on it as on the real ones. Thread-safe.
class FakeTimelines : public catalog::TimelineStore {
  public:
    /// Makes every following call fail with this error; nullopt makes them work again.
    void set_failure(std::optional<Error> failure) {
        const std::lock_guard lock(mutex_);
        failure_ = std::move(failure);
    }

    Result<void> add(const catalog::TimelineRow& row, const Deadline&) override {
        return guarded<void>([&]() -> Result<void> {
            const bool fits = !row.name.empty() && !row.recording.empty() && row.min_confidence >= 0 &&
                              row.min_confidence <= 1 && row.heard_seconds >= 0;
            if (!fits || !all_.try_emplace(row.id, Kept{row, {}, 0}).second)
                return fail(ErrorKind::invalid_input, "fake timelines: the id is known or a value is wrong");
            return {};
        });
    }
    Result<bool> update(const catalog::TimelineRow& row, const Deadline&) override {
        return with(row.id, [&](Kept& kept) { return change(kept, row); });
    }
    Result<bool> finish(const catalog::TimelineRow& row, const std::string& result, const Deadline&) override {
        return with(row.id, [&](Kept& kept) {
            kept.result = result;
            kept.row.entries = row.entries;
            return change(kept, row);
        });
    }
    Result<bool> change(const Uuid& id, const catalog::TimelineResult& changed, std::int64_t entries,
                        const Deadline&) override {
        return with(id, [&](Kept& kept) {
            if (!kept.result || kept.revision != changed.revision) return false;
            kept.result = changed.text;
            kept.row.entries = entries;
            ++kept.revision;
            return true;
        });
    }
    Result<bool> remove(const Uuid& id, const Deadline&) override {
        return guarded<bool>([&]() -> Result<bool> { return all_.erase(id) > 0; });
    }

    Result<std::optional<catalog::TimelineRow>> find(const Uuid& id, const Deadline&) override {
        using Found = std::optional<catalog::TimelineRow>;
        return guarded<Found>([&]() -> Result<Found> {
            const auto found = all_.find(id);
            return found == all_.end() ? Found() : Found(found->second.row);
        });
    }
    Result<std::optional<catalog::TimelineResult>> result(const Uuid& id, const Deadline&) override {
        using Found = std::optional<catalog::TimelineResult>;
        return guarded<Found>([&]() -> Result<Found> {
            const auto found = all_.find(id);
            if (found == all_.end() || !found->second.result) return Found();
            return Found({*found->second.result, found->second.revision});
        });
    }
    Result<catalog::TimelineRowPage> list(std::int64_t offset, std::int64_t limit, const Deadline&) override {
        return guarded<catalog::TimelineRowPage>([&]() -> Result<catalog::TimelineRowPage> {
            auto rows = sorted();
            std::ranges::stable_sort(rows, std::ranges::greater(), &catalog::TimelineRow::created_at);
            const auto size = static_cast<std::int64_t>(rows.size());
            const auto begin = std::min(offset, size);
            return catalog::TimelineRowPage{{rows.begin() + begin, rows.begin() + std::min(begin + limit, size)}, size};
        });
    }
    Result<std::vector<catalog::TimelineRow>> unfinished(const Deadline&) override {
        return guarded<std::vector<catalog::TimelineRow>>([&]() -> Result<std::vector<catalog::TimelineRow>> {
            auto rows = sorted();
            std::erase_if(rows, [](const auto& row) {
                return row.status != catalog::JobStatus::queued && row.status != catalog::JobStatus::running;
            });
            std::ranges::stable_sort(rows, {}, &catalog::TimelineRow::created_at);
            return rows;
        });
    }

  private:
    struct Kept {
        catalog::TimelineRow row;
        std::optional<std::string> result;
        std::int64_t revision = 0;
    };

    template <typename Value, typename Work>
    Result<Value> guarded(Work work) {
        const std::lock_guard lock(mutex_);
        if (failure_) return Unexpected(*failure_);
        return work();
    }
    template <typename Work>
    Result<bool> with(const Uuid& id, Work work) {
        return guarded<bool>([&]() -> Result<bool> {
            const auto found = all_.find(id);
            return found != all_.end() && work(found->second);
        });
    }
    static bool change(Kept& kept, const catalog::TimelineRow& row) {
        kept.row.status = row.status;
        kept.row.finished_at = row.finished_at;
        kept.row.error = row.error;
        kept.row.restarts = row.restarts;
        kept.row.heard_seconds = row.heard_seconds;
        kept.row.total_seconds = row.total_seconds;
        return true;
    }
    std::vector<catalog::TimelineRow> sorted() const {
        std::vector<catalog::TimelineRow> rows;
        for (const auto& [id, kept] : all_) rows.push_back(kept.row);
        return rows;
    }

    std::mutex mutex_;
    std::optional<Error> failure_;
    std::map<Uuid, Kept> all_;
};

}  // namespace audio_ident::test
