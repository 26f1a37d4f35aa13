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

Result<std::vector<OutageRow>> all_outages(MonitorStore& store, const Deadline& deadline) {
    const auto monitors = store.list(deadline);
    if (!monitors) return forward(monitors);
    std::vector<OutageRow> all;
    for (const auto& monitor : *monitors) {
        const auto outages = store.outages(monitor.id, std::numeric_limits<std::int64_t>::max(), deadline);
        if (!outages) return forward(outages);
        all.insert(all.end(), outages->begin(), outages->end());
    }
    return all;
}

Result<std::vector<PlayRow>> plays_from(MonitorStore& store, std::int64_t offset, const Deadline& deadline) {
    auto page = store.plays({}, offset, kPlaysInBatch, deadline);
    if (!page) return forward(page);
    return std::move(page->plays);
}

}  // namespace

Result<std::int64_t> copy_catalog(std::shared_ptr<SqlBackend> from, std::shared_ptr<SqlBackend> to,
                                  const Deadline& deadline) {
    const auto source = SqlCatalog::open(std::move(from), SchemaPolicy::require, {}, deadline);
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
    auto outages = all_outages((*source)->monitors(), deadline);
    std::int64_t plays = 0;
    // One batch, and then none.
    const auto next_monitors = [&] { return std::exchange(monitors, std::vector<MonitorRow>()); };
    const auto next_outages = [&] { return std::exchange(outages, std::vector<OutageRow>()); };
    const auto next_plays = [&] {
        return plays_from((*source)->monitors(), std::exchange(plays, plays + kPlaysInBatch), deadline);
    };
    const auto filled = (*target)->fill({next, next_timelines, next_monitors, next_plays, next_outages}, deadline);
    if (!filled) return forward(filled);
    return static_cast<std::int64_t>(ids.size());
}

}  // namespace audio_ident::catalog
