#include "index/fingerprint/stored_snapshot.hpp"

#include <algorithm>

namespace audio_ident::index {

void StoredSnapshot::keep_failure() const {
    Error error = failure();
    const std::lock_guard lock(failing_);
    if (status_) status_ = Unexpected(std::move(error));
}

Result<void> StoredSnapshot::status() const {
    const std::lock_guard lock(failing_);
    return status_;
}

void StoredSnapshot::find(std::size_t segment, std::span<const Lookup> lookups, std::int32_t bias,
                          std::vector<std::uint32_t>& offsets) const {
    const SegmentRecord& record = state_->segments[segment].record;
    const std::vector<Key>& begins = state_->segments[segment].shard_begins;
    std::size_t at = 0;
    try {
        const SnapshotState& loaded = with_shards();
        for (const Lookup& lookup : lookups) {
            const Key last = std::min(lookup.last, record.key_end - 1);
            const auto shift = static_cast<std::uint32_t>(bias - lookup.frame);
            Key key = std::max(lookup.first, record.key_begin);
            if (key > last) continue;
            while (begins[at + 1] <= key) ++at;
            for (std::size_t i = at; key <= last; ++i) {
                const PostingShard& view = loaded.shard(segment, i);
                const Key shard_last = std::min(last, view.key_end() - 1);
                view.for_each_position(key, shard_last,
                                       [&](std::uint32_t position) { offsets.push_back(position + shift); });
                key = shard_last + 1;
            }
        }
    } catch (...) {
        keep_failure();
    }
}

std::uint64_t StoredSnapshot::count_bound(std::size_t segment, const Lookup& lookup) const {
    const auto& info = state_->segments[segment];
    const Key last = std::min(lookup.last, info.record.key_end - 1);
    Key key = std::max(lookup.first, info.record.key_begin);
    if (key > last) return 0;
    const auto after = std::upper_bound(info.shard_begins.begin(), info.shard_begins.end(), key);
    std::uint64_t total = 0;
    try {
        const SnapshotState& loaded = with_shards();
        for (auto i = static_cast<std::size_t>(after - info.shard_begins.begin()) - 1; key <= last; ++i) {
            const PostingShard& view = loaded.shard(segment, i);
            const Key shard_last = std::min(last, view.key_end() - 1);
            total += view.count_bound(key, shard_last);
            key = shard_last + 1;
        }
    } catch (...) {
        keep_failure();
    }
    return total;
}

std::optional<Location> StoredSnapshot::locate(std::size_t segment, std::uint32_t position) const {
    const auto& info = state_->segments[segment];
    if (position >= info.record.frames) return std::nullopt;
    const auto after = std::upper_bound(info.contents.begin(), info.contents.end(), position,
                                        [](std::uint32_t at, const ContentsEntry& entry) { return at < entry.begin; });
    if (after == info.contents.begin()) return std::nullopt;
    const ContentsEntry& entry = *std::prev(after);
    bool there = false;
    try {
        there = is_there(entry.track);
    } catch (...) {
        keep_failure();
    }
    if (!there) return std::nullopt;
    const std::uint32_t end = after == info.contents.end() ? info.record.frames : after->begin;
    return Location{entry.track, entry.begin, end - entry.begin, entry.track < state_->first_current};
}

TrackId StoredSnapshot::track_id(std::uint32_t track) const {
    try {
        if (const auto id = id_of(track)) return *id;
        throw Corrupt("a track of the index has no id");
    } catch (...) {
        keep_failure();
    }
    return {};
}

void StoredSnapshot::peaks(std::uint32_t track, std::uint32_t first, std::uint32_t end,
                           std::vector<fingerprint::Peak>& peaks) const {
    if (first >= end) return;
    try {
        read_peaks(track, first / kPeakBlockFrames, (end - 1) / kPeakBlockFrames + 1,
                   [&](std::uint32_t block, Bytes bytes) {
                       decode_peak_block(bytes, block * kPeakBlockFrames, peaks, first, end);
                   });
    } catch (...) {
        keep_failure();
    }
}

}  // namespace audio_ident::index
