#include "index/fingerprint/copy_index.hpp"

#include <algorithm>
#include <utility>

#include "index/fingerprint/index_version.hpp"
#include "index/fingerprint/records.hpp"

namespace audio_ident::index {

namespace {

constexpr std::size_t kRecordsARead = 500;  // a read ends before what it found is written

using OwnBytes = std::vector<std::byte>;

OwnBytes own(Bytes bytes) {
    return {bytes.begin(), bytes.end()};
}

}  // namespace

/// Records on their way to the target.
struct IndexCopy::Batch {
    struct Record {
        Map map;
        OwnBytes key;
        std::vector<std::byte> value;
    };
    const std::function<void(const Copied&)>& progress;
    std::vector<Record> records = {};
    std::size_t bytes = 0;
    Copied copied = {};  ///< in the target

    void add(Map map, Bytes key, Bytes value) {
        records.push_back({map, own(key), {value.begin(), value.end()}});
        bytes += key.size() + value.size();
    }
};

Result<bool> IndexCopy::has_source(const Deadline& deadline) {
    bool there = false;
    const auto read = from_.read(deadline, [&](const MapView& maps) -> Result<void> {
        const auto meta = read_meta(maps);
        there = meta.has_value();
        return meta ? check_version(*meta, from_.location()) : Result<void>();
    });
    if (!read) return forward(read);
    return there;
}

Result<void> IndexCopy::check_target(const Deadline& deadline) {
    return to_.read(deadline, [&](const MapView& maps) -> Result<void> {
        const auto meta = read_meta(maps);
        if (!meta || meta->format_version == kUnfinishedCopy) return {};
        if (auto right = check_version(*meta, to_.location()); !right) return right;
        if (!maps.first_key(Map::tracks, {})) return {};
        return fail(ErrorKind::invalid_input,
                    "fingerprint index {} already has tracks; copy into an empty library, or empty that one with "
                    "`audio-ident db reset`",
                    to_.location());
    });
}

Result<void> IndexCopy::begin(const Deadline& deadline) {
    auto turn = to_.take_turn(deadline);
    if (!turn) return forward(turn);
    turn_ = std::move(*turn);
    return turn_->write(deadline, [](MapTransaction& maps) -> Result<Outcome> {
        for (const Map map : kEveryMap) maps.clear(map);
        write_meta(maps, {.format_version = kUnfinishedCopy});
        return Outcome::changed;
    });
}

Result<IndexCopy::Copied> IndexCopy::copy(const std::function<void(const Copied&)>& progress,
                                          const Deadline& deadline) {
    Batch batch{progress};
    const auto read = from_.read(deadline, [&](const MapView& maps) -> Result<void> {
        const auto state = maps.get(Map::meta, state_key());
        if (!state) return no_fingerprint_index(from_.location());
        state_ = own(*state);
        for (const Map map : kEveryMap) {
            if (auto done = copy_map(maps, map, batch, deadline); !done) return done;
        }
        return write(batch, deadline);
    });
    if (!read) return forward(read);
    return batch.copied;
}

Result<void> IndexCopy::copy_map(const MapView& maps, Map map, Batch& batch, const Deadline& deadline) {
    OwnBytes next;
    for (std::size_t seen = kRecordsARead; seen == kRecordsARead;) {
        seen = 0;
        OwnBytes last;
        maps.scan_some(map, next, kRecordsARead, [&](Bytes key, Bytes value) {
            ++seen;
            last = own(key);
            if (map == Map::meta && std::ranges::equal(key, state_key())) return;
            batch.add(map, key, value);
        });
        next = std::move(last);
        next.push_back(std::byte(0));  // the first key after the last one
        if (batch.bytes < batch_bytes_) continue;
        if (auto written = write(batch, deadline); !written) return written;
    }
    return {};
}

Result<void> IndexCopy::write(Batch& batch, const Deadline& deadline) {
    auto written = turn_->write(deadline, [&](MapTransaction& maps) -> Result<Outcome> {
        for (const auto& record : batch.records) maps.put(record.map, record.key, record.value);
        return Outcome::changed;
    });
    if (!written) return written;
    batch.copied.records += batch.records.size();
    batch.copied.bytes += std::exchange(batch.bytes, 0);
    batch.copied.tracks += static_cast<std::uint64_t>(
        std::ranges::count_if(batch.records, [](const auto& record) { return record.map == Map::tracks; }));
    batch.records.clear();
    batch.progress(batch.copied);
    return {};
}

Result<void> IndexCopy::finish(const Deadline& deadline) {
    auto written = turn_->write(deadline, [&](MapTransaction& maps) -> Result<Outcome> {
        maps.put(Map::meta, state_key(), state_);
        return Outcome::changed;
    });
    if (written) turn_.reset();
    return written;
}

}  // namespace audio_ident::index
