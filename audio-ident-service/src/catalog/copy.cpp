#include "catalog/copy.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "catalog/sql_catalog.hpp"

namespace audio_ident::catalog {
namespace {

constexpr std::size_t kBatch = 500;             ///< tracks in memory at a time, about 4 KB each
constexpr std::int64_t kTimelinesInBatch = 20;  ///< up to 2 MB each
constexpr std::int64_t kPlaysInBatch = 1000;

using Timelines = std::vector<SqlCatalog::Filling::Timeline>;

Result<Timelines> timelines_from(TimelineStore& store, std::int64_t offset, const Deadline& deadline) {
    auto page = store.list(offset, kTimelinesInBatch, deadline);
    if (!page) return forward(page);
    Timelines timelines;
    for (auto& row : page->rows) {
        auto result = store.result(row.id, deadline);
        if (!result) return forward(result);
        timelines.push_back({std::move(row), std::move(*result)});
    }
    return timelines;
}

constexpr auto kAll = std::numeric_limits<std::int64_t>::max();

/// What `of(monitor)` gives for each monitor.
template <typename Row, typename Of>
Result<std::vector<Row>> of_all_monitors(MonitorStore& store, const Deadline& deadline, const Of& of) {
    const auto monitors = store.list(deadline);
    if (!monitors) return forward(monitors);
    std::vector<Row> all;
    for (const auto& monitor : *monitors) {
        const Result<std::vector<Row>> rows = of(monitor.id);
        if (!rows) return forward(rows);
        all.insert(all.end(), rows->begin(), rows->end());
    }
    return all;
}

Result<std::vector<SoundRow>> sounds_from(MonitorStore& store, const Uuid& monitor, const Deadline& deadline) {
    const auto page = store.sounds(monitor, 0, kAll, deadline);
    if (!page) return forward(page);
    std::vector<SoundRow> rows;
    for (const auto& sound : page->sounds) rows.push_back(sound.row);
    return rows;
}

Result<std::vector<PlayRow>> plays_from(MonitorStore& store, std::int64_t offset, const Deadline& deadline) {
    auto page = store.plays({}, offset, kPlaysInBatch, deadline);
    if (!page) return forward(page);
    return std::move(page->plays);
}

}  // namespace

Result<void> prepare_copy(std::shared_ptr<SqlBackend> to, const Deadline& deadline) {
    const auto target = SqlCatalog::open(std::move(to), SchemaPolicy::upgrade, {}, deadline);
    if (!target) return forward(target);
    return (*target)->check_is_empty(deadline);
}

Result<std::int64_t> copy_catalog(std::shared_ptr<SqlBackend> from, std::shared_ptr<SqlBackend> to,
                                  const Deadline& deadline) {
    const auto source = SqlCatalog::open(std::move(from), SchemaPolicy::exact, {}, deadline);
    if (!source) return forward(source);
    const auto target = SqlCatalog::open(std::move(to), SchemaPolicy::upgrade, {}, deadline);
    if (!target) return forward(target);

    std::vector<TrackId> ids;
    auto listed = (*source)->for_each_file([&](const FileRecord& file) { ids.push_back(file.id); }, deadline);
    if (!listed) return forward(listed);

    std::span<const TrackId> left = ids;
    const auto next = [&]() -> Result<std::vector<Track>> {
        const auto batch = left.first(std::min(kBatch, left.size()));
        left = left.subspan(batch.size());
        return (*source)->find_many(batch, deadline);
    };
    std::int64_t offset = 0;
    const auto next_timelines = [&]() -> Result<Timelines> {
        auto batch = timelines_from((*source)->timelines(), offset, deadline);
        offset += kTimelinesInBatch;
        return batch;
    };
    auto monitors = (*source)->monitors().list(deadline);
    auto& store = (*source)->monitors();
    auto outages = of_all_monitors<OutageRow>(
        store, deadline, [&](const Uuid& monitor) { return store.outages(monitor, kAll, deadline); });
    auto sounds = of_all_monitors<SoundRow>(store, deadline,
                                            [&](const Uuid& monitor) { return sounds_from(store, monitor, deadline); });
    auto sound_plays = of_all_monitors<SoundPlayRow>(
        store, deadline, [&](const Uuid& monitor) { return store.recent_sound_plays(monitor, {}, deadline); });
    std::int64_t plays = 0;
    // One batch, and then none.
    const auto next_monitors = [&] { return std::exchange(monitors, std::vector<MonitorRow>()); };
    const auto next_outages = [&] { return std::exchange(outages, std::vector<OutageRow>()); };
    const auto next_sounds = [&] { return std::exchange(sounds, std::vector<SoundRow>()); };
    const auto next_sound_plays = [&] { return std::exchange(sound_plays, std::vector<SoundPlayRow>()); };
    const auto next_plays = [&] { return plays_from(store, std::exchange(plays, plays + kPlaysInBatch), deadline); };
    const auto filled = (*target)->fill(
        {next, next_timelines, next_monitors, next_plays, next_outages, next_sounds, next_sound_plays}, deadline);
    if (!filled) return forward(filled);
    return static_cast<std::int64_t>(ids.size());
}

}  // namespace audio_ident::catalog
