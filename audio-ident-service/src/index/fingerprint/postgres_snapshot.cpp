#include "index/fingerprint/postgres_snapshot.hpp"

#include <algorithm>
#include <array>

namespace audio_ident::index {

namespace {

using Row = lib::PostgresConnection::Row;

constexpr std::uint32_t kNoBlock = 0xffffffff;

}  // namespace

PostgresSnapshot::PostgresSnapshot(const PostgresMapStore& store, PostgresShards& shards, PostgresPeaks& peaks,
                                   PostgresMapStore::Lease connection, std::unique_ptr<lib::Transaction> transaction,
                                   std::shared_ptr<const PostgresState> state, std::atomic<std::uint64_t>& statements)
    : StoredSnapshot(state),
      store_(store),
      statements_(statements),
      shards_(shards),
      peaks_(peaks),
      ids_(std::move(state)),
      connection_(std::move(connection)),
      transaction_(std::move(transaction)) {
    statements_before_ = connection_->statements() - 1;
}

PostgresSnapshot::~PostgresSnapshot() {
    statements_ += connection_->statements() - statements_before_;
}

const SnapshotState& PostgresSnapshot::with_shards() const {
    if (const SnapshotState* complete = complete_now_.load(std::memory_order_acquire)) return *complete;
    const std::lock_guard lock(using_);
    if (failed_) std::rethrow_exception(failed_);
    if (!complete_) {
        try {
            complete_ = shards_.of(ids_, *connection_);
        } catch (...) {
            failed_ = std::current_exception();
            throw;
        }
        complete_now_.store(complete_.get(), std::memory_order_release);
    }
    return *complete_;
}

bool PostgresSnapshot::is_there(TrackNumber track) const {
    return id_of(track).has_value();
}

std::optional<TrackId> PostgresSnapshot::id_of(TrackNumber track) const {
    const auto& ids = ids_->ids;
    const auto found =
        std::lower_bound(ids.begin(), ids.end(), track, [](const auto& id, TrackNumber t) { return id.first < t; });
    if (found == ids.end() || found->first != track) return std::nullopt;
    return found->second;
}

bool PostgresSnapshot::has_peaks(TrackNumber track, std::uint32_t first, std::uint32_t end) const {
    if (whole_tracks_.contains(track)) return true;
    for (std::uint32_t block = first; block < end; ++block) {
        if (!blocks_.contains(key_of(track, block))) return false;
    }
    return true;
}

void PostgresSnapshot::expect_peaks(std::span<const PeakRange> ranges) const {
    // A block more on either side, because places are refined.
    std::vector<BlockRange> wanted;
    for (const PeakRange& range : ranges) {
        if (range.first >= range.end) continue;
        const std::uint32_t first = range.first / kPeakBlockFrames;
        const std::uint32_t end = (range.end - 1) / kPeakBlockFrames + 2;
        wanted.push_back({range.track, first == 0 ? 0 : first - 1, end});
    }
    std::sort(wanted.begin(), wanted.end(), [](const BlockRange& a, const BlockRange& b) {
        return a.track != b.track ? a.track < b.track : a.first < b.first;
    });
    std::vector<BlockRange> joined;
    for (const BlockRange& range : wanted) {
        take_kept_peaks(range);
        if (has_peaks(range.track, range.first, range.end)) continue;
        if (joined.empty() || joined.back().track != range.track || joined.back().end < range.first)
            joined.push_back(range);
        else joined.back().end = std::max(joined.back().end, range.end);
    }
    try {
        const std::lock_guard lock(using_);
        fetch_peaks(joined);
    } catch (...) {
        keep_failure();
    }
}

void PostgresSnapshot::take_kept_peaks(const BlockRange& range) const {
    for (std::uint32_t block = range.first; block < range.end; ++block) {
        const std::uint64_t key = key_of(range.track, block);
        if (blocks_.contains(key)) continue;
        if (auto kept = peaks_.find(ids_->epoch, key)) blocks_.emplace(key, std::move(kept));
    }
}

void PostgresSnapshot::fetch_peaks(std::span<const BlockRange> ranges) const {
    if (ranges.empty()) return;
    std::array<std::vector<NumberKey>, 3> columns;
    for (const BlockRange& range : ranges) {
        columns[0].emplace_back(range.track);
        columns[1].emplace_back(range.first);
        columns[2].emplace_back(range.end);
    }
    std::vector<lib::PostgresValue> values;
    for (const auto& column : columns) {
        std::vector<Bytes> bytes;
        for (const NumberKey& key : column) bytes.push_back(key.bytes());
        values.push_back(lib::PostgresValue::bytea_array(bytes));
    }
    connection_->query(
        "SELECT p.track, p.block, p.value FROM unnest($1, $2, $3) AS r(track, first, last)"
        " JOIN fingerprint_peaks p ON p.track = r.track AND p.block >= r.first AND p.block < r.last",
        values, [&](Row row) {
            const Bytes bytes = row[2].value();
            blocks_[key_of(NumberKey::read(row[0].value(), 0), NumberKey::read(row[1].value(), 0))] =
                std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end());
        });
    const auto none = std::make_shared<const std::vector<std::byte>>();
    for (const BlockRange& range : ranges) {
        if (range.end == kNoBlock) {
            whole_tracks_.insert(range.track);
            continue;
        }
        // Of a track that was removed, blocks may be missing that searches of an earlier state still see.
        const bool there = is_there(range.track);
        for (std::uint32_t block = range.first; block < range.end; ++block) {
            const std::uint64_t key = key_of(range.track, block);
            const auto& fetched = blocks_.try_emplace(key, none).first->second;
            if (there) peaks_.keep(ids_->epoch, key, fetched);
        }
    }
}

void PostgresSnapshot::read_peaks(TrackNumber track, std::uint32_t first, std::uint32_t end,
                                  const SeeBlock& see) const {
    if (!has_peaks(track, first, end)) {
        const std::lock_guard lock(using_);
        const BlockRange whole{track, 0, kNoBlock};
        fetch_peaks({&whole, 1});
    }
    for (std::uint32_t block = first; block < end; ++block) {
        const auto found = blocks_.find(key_of(track, block));
        if (found != blocks_.end() && !found->second->empty()) see(block, *found->second);
    }
}

Error PostgresSnapshot::failure() const {
    return store_.guarded(connection_, []() -> Result<void> { throw; }).error();
}

}  // namespace audio_ident::index
