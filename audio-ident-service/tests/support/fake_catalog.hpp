#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/bounds.hpp"
#include "catalog/catalog.hpp"
#include "catalog/search_text.hpp"
#include "catalog/timestamp_text.hpp"
#include "support/fake_monitors.hpp"
#include "support/fake_timelines.hpp"

namespace audio_ident::test {

/// A Catalog in memory. The contract tests run on it as on the real ones. Link audio-ident-catalog.
class FakeCatalog : public catalog::Catalog {
  public:
    using Clock = std::function<catalog::Timestamp()>;

    explicit FakeCatalog(Clock clock = &catalog::current_timestamp) : clock_(std::move(clock)) {}

    /// Makes every following call fail with this error; nullopt makes them work again.
    void set_failure(std::optional<Error> failure) {
        const std::lock_guard lock(mutex_);
        failure_ = std::move(failure);
    }

    /// Makes put() of tracks in this state fail; nullopt makes it work again.
    std::optional<catalog::TrackState> unstorable_state;

    Result<void> insert(const catalog::Track& track, const Deadline& deadline) override {
        if (const auto bounds = catalog::check_bounds(track); !bounds) return forward(bounds);
        return guarded<void>(deadline, [&]() -> Result<void> {
            if (rows_.contains(track.id) || holder_of(track.file_hash_sha256)) return taken(track);
            catalog::Track row = track;
            row.ingested_at = row.updated_at = clock_();
            rows_[track.id] = row;
            ++generation_;
            return {};
        });
    }

    Result<bool> update(const catalog::Track& track, const Deadline& deadline) override {
        if (const auto bounds = catalog::check_bounds(track); !bounds) return forward(bounds);
        return guarded<bool>(deadline, [&]() -> Result<bool> {
            const auto row = rows_.find(track.id);
            if (row == rows_.end()) return false;
            const auto holder = holder_of(track.file_hash_sha256);
            if (holder && *holder != track.id) return taken(track);
            const auto ingested_at = row->second.ingested_at;
            row->second = track;
            row->second.ingested_at = ingested_at;
            row->second.updated_at = clock_();
            ++generation_;
            return true;
        });
    }

    Result<void> put(std::span<const catalog::Track> tracks, const Deadline& deadline) override {
        for (const catalog::Track& track : tracks) {
            if (track.state == unstorable_state) return fail(ErrorKind::not_available, "the disk is full");
            if (const auto bounds = catalog::check_bounds(track); !bounds) return forward(bounds);
        }
        return guarded<void>(deadline, [&]() -> Result<void> {
            auto rows = rows_;
            for (const catalog::Track& track : tracks) {
                if (const auto holder = holder_of(track.file_hash_sha256); holder && *holder != track.id) {
                    rows_ = std::move(rows);
                    return taken(track);
                }
                const auto [row, fresh] = rows_.try_emplace(track.id);
                const auto ingested_at = fresh ? clock_() : row->second.ingested_at;
                row->second = track;
                row->second.ingested_at = ingested_at;
                row->second.updated_at = clock_();
            }
            generation_ += tracks.empty() ? 0 : 1;
            return {};
        });
    }

    Result<bool> remove(const TrackId& id, const Deadline& deadline) override {
        return guarded<bool>(deadline, [&]() -> Result<bool> {
            const bool found = rows_.erase(id) > 0;
            generation_ += found ? 1 : 0;
            return found;
        });
    }

    Result<std::optional<catalog::Track>> find(const TrackId& id, const Deadline& deadline) override {
        return first(deadline, [&](const catalog::Track& row) { return row.id == id; });
    }
    Result<std::vector<catalog::Track>> find_many(std::span<const TrackId> ids, const Deadline& deadline) override {
        return all(deadline, [&](const catalog::Track& row) { return std::ranges::find(ids, row.id) != ids.end(); });
    }
    Result<std::optional<catalog::Track>> find_by_hash(const std::string& sha256, const Deadline& deadline) override {
        return first(deadline, [&](const catalog::Track& row) { return row.file_hash_sha256 == sha256; });
    }
    Result<std::optional<catalog::Track>> find_by_path(const std::string& path, const Deadline& deadline) override {
        return first(deadline, [&](const catalog::Track& row) { return row.file_path == path; });
    }

    Result<catalog::TrackPage> list(const catalog::ListQuery& query, const Deadline& deadline) override {
        if (const auto bounds = catalog::check_bounds(query); !bounds) return forward(bounds);
        const std::string needle = catalog::fold(query.search);
        auto matches = all(deadline, [&](const catalog::Track& row) {
            const bool damaged = row.stated_seconds || row.damaged_frames > 0;
            return (!query.state || row.state == *query.state) && (query.which == catalog::Which::all || damaged) &&
                   catalog::search_text(row.title, row.artist).find(needle) != std::string::npos;
        });
        if (!matches) return forward(matches);
        sort(*matches, query);
        const auto size = static_cast<std::int64_t>(matches->size());
        const auto begin = std::min(query.offset, size);
        const auto end = begin + std::min(query.limit, size - begin);
        return catalog::TrackPage{{matches->begin() + begin, matches->begin() + end}, size};
    }

    Result<void> for_each_file(const std::function<void(const catalog::FileRecord&)>& visit,
                               const Deadline& deadline) override {
        auto rows = all(deadline, [](const catalog::Track&) { return true; });
        if (!rows) return forward(rows);
        std::ranges::sort(*rows, {}, [](const catalog::Track& row) { return std::pair(row.file_path, row.id); });
        for (const catalog::Track& row : *rows) {
            visit({row.id, row.file_path, row.file_hash_sha256, row.file_size_bytes, row.file_modified_ns,
                   row.duration_seconds, row.state});
        }
        return {};
    }

    Result<void> for_each_chromaprint(double low, double high,
                                      const std::function<void(const TrackId&, double, const std::string&)>& visit,
                                      const Deadline& deadline) override {
        const auto rows = all(deadline, [&](const catalog::Track& row) {
            return row.state == catalog::TrackState::ready && row.chromaprint_fingerprint &&
                   row.duration_seconds >= low && row.duration_seconds <= high;
        });
        if (!rows) return forward(rows);
        for (const catalog::Track& row : *rows) visit(row.id, row.duration_seconds, *row.chromaprint_fingerprint);
        return {};
    }

    Result<std::int64_t> count(std::optional<catalog::TrackState> state, const Deadline& deadline) override {
        const auto rows = all(deadline, [&](const catalog::Track& row) { return !state || row.state == *state; });
        if (!rows) return forward(rows);
        return static_cast<std::int64_t>(rows->size());
    }

    Result<std::int64_t> generation(const Deadline& deadline) override {
        return guarded<std::int64_t>(deadline, [&]() -> Result<std::int64_t> { return generation_; });
    }
    Result<void> ping(const Deadline& deadline) override {
        return guarded<void>(deadline, []() -> Result<void> { return {}; });
    }

    catalog::TimelineStore& timelines() override { return timelines_; }
    catalog::MonitorStore& monitors() override { return monitors_; }
    catalog::DeliveryStore& deliveries() override { return monitors_.deliveries(); }

    /// All stored rows, for tests that check what a crash leaves behind.
    using Rows = std::map<TrackId, catalog::Track>;
    Rows rows() const {
        const std::lock_guard lock(mutex_);
        return rows_;
    }
    void set_rows(Rows rows) {
        const std::lock_guard lock(mutex_);
        rows_ = std::move(rows);
    }

  private:
    template <typename Value, typename Work>
    Result<Value> guarded(const Deadline& deadline, Work work) {
        const std::lock_guard lock(mutex_);
        if (failure_) return Unexpected(*failure_);
        if (deadline.expired()) return fail(ErrorKind::timeout, "fake catalog: the deadline has passed");
        return work();
    }

    /// Matching rows, newest first, ties by id.
    template <typename Condition>
    Result<std::vector<catalog::Track>> all(const Deadline& deadline, Condition condition) {
        return guarded<std::vector<catalog::Track>>(deadline, [&]() -> Result<std::vector<catalog::Track>> {
            std::vector<catalog::Track> found;
            for (const auto& [id, row] : rows_) {
                if (condition(row)) found.push_back(row);
            }
            std::ranges::stable_sort(found, std::ranges::greater(), &catalog::Track::ingested_at);
            return found;
        });
    }
    template <typename Condition>
    Result<std::optional<catalog::Track>> first(const Deadline& deadline, Condition condition) {
        const auto found = all(deadline, condition);
        if (!found) return forward(found);
        if (found->empty()) return std::nullopt;
        return found->front();
    }

    /// `rows` must be ordered newest first, ties by id.
    static void sort(std::vector<catalog::Track>& rows, const catalog::ListQuery& query) {
        using catalog::TrackSort;
        const auto last_if_empty = [](std::string text) { return text.empty() ? "\U0010FFFF" : text; };
        const auto key = [&](const catalog::Track& row) {
            const auto title = catalog::search_text(row.title, row.artist);
            auto album = row.album.value_or("");
            for (char& c : album) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            switch (query.sort) {
                case TrackSort::title: return std::tuple(0.0, title, title, row.id);
                case TrackSort::artist:
                    return std::tuple(0.0, last_if_empty(catalog::fold(row.artist.value_or(""))), title, row.id);
                case TrackSort::album: return std::tuple(0.0, last_if_empty(album), title, row.id);
                case TrackSort::duration: return std::tuple(row.duration_seconds, std::string(), std::string(), row.id);
                case TrackSort::added: break;
            }
            return std::tuple(0.0, std::string(), std::string(), TrackId());
        };
        std::ranges::stable_sort(rows, {}, key);
        if (query.order.value_or(usual_order(query.sort)) != usual_order(query.sort)) std::ranges::reverse(rows);
    }

    std::optional<TrackId> holder_of(const std::string& sha256) const {
        for (const auto& [id, row] : rows_) {
            if (row.file_hash_sha256 == sha256) return id;
        }
        return std::nullopt;
    }
    static Unexpected taken(const catalog::Track& track) {
        return fail(ErrorKind::invalid_input, "fake catalog: the id or content of {} is there already", track.title);
    }

    Clock clock_;
    mutable std::mutex mutex_;
    Rows rows_;
    FakeTimelines timelines_;
    FakeMonitors monitors_;
    std::int64_t generation_ = 0;
    std::optional<Error> failure_;
};

}  // namespace audio_ident::test
