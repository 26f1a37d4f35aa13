#include "index/fingerprint/records.hpp"

#include <algorithm>

#include "index/store/corrupt.hpp"

namespace audio_ident::index {

namespace {

constexpr std::uint64_t kPeakUniverse = std::uint64_t{kPeakBlockFrames} * fingerprint::kBins;

}  // namespace

Bytes state_key() {
    static constexpr char kName[] = "state";
    return {reinterpret_cast<const std::byte*>(kName), sizeof kName - 1};
}

std::optional<MetaRecord> read_meta(const MapView& maps) {
    const auto bytes = maps.get(Map::meta, state_key());
    if (!bytes) return std::nullopt;
    return meta_of(*bytes);
}

MetaRecord meta_of(Bytes bytes) {
    // The version comes first in every format, so that a program can tell a format it does not know.
    if (bytes.size() < sizeof(std::uint32_t)) throw Corrupt("the index's state record is cut off");
    MetaRecord record;
    std::memcpy(&record.format_version, bytes.data(), sizeof record.format_version);
    if (record.format_version < kOldestFormatVersion || record.format_version > kFormatVersion) return record;
    record = value_of<MetaRecord>(bytes);
    if (record.params_version < fingerprint::Params::kVersion) record.first_current = record.next_track;
    return record;
}

void write_meta(MapTransaction& maps, const MetaRecord& record) {
    maps.put(Map::meta, state_key(), bytes_of(record));
}

SegmentRecord read_segment(const MapView& maps, SegmentNumber segment) {
    const auto bytes = maps.get(Map::segments, NumberKey(segment).bytes());
    if (!bytes) throw Corrupt("a segment lost its record");
    return value_of<SegmentRecord>(*bytes);
}

std::vector<ContentsEntry> read_contents(const MapView& maps, SegmentNumber segment) {
    const auto bytes = maps.get(Map::contents, NumberKey(segment).bytes());
    if (!bytes) throw Corrupt("a segment lost its table of contents");
    return contents_of(*bytes);
}

std::vector<ContentsEntry> contents_of(Bytes bytes) {
    if (bytes.size() % sizeof(ContentsEntry) != 0) throw Corrupt("a segment lost its table of contents");
    std::vector<ContentsEntry> entries(bytes.size() / sizeof(ContentsEntry));
    if (!entries.empty()) std::memcpy(entries.data(), bytes.data(), bytes.size());
    return entries;
}

std::vector<std::byte> encode_peak_block(std::span<const fingerprint::Peak> peaks, std::uint32_t block_first) {
    std::vector<std::uint64_t> values;
    values.reserve(peaks.size());
    for (const fingerprint::Peak& peak : peaks) {
        values.push_back(std::uint64_t{peak.frame - block_first} * fingerprint::kBins + peak.bin);
    }
    const auto count = static_cast<std::uint16_t>(values.size());
    std::vector<std::byte> bytes(sizeof count + elias_fano_bytes(count, kPeakUniverse));
    std::memcpy(bytes.data(), &count, sizeof count);
    elias_fano_encode(values, kPeakUniverse, bytes.data() + sizeof count);
    return bytes;
}

void decode_peak_block(Bytes bytes, std::uint32_t block_first, std::vector<fingerprint::Peak>& peaks,
                       std::uint32_t first, std::uint32_t end) {
    std::uint16_t count = 0;
    if (bytes.size() < sizeof count) throw Corrupt("a block of peaks is cut off");
    std::memcpy(&count, bytes.data(), sizeof count);
    if (bytes.size() != sizeof count + elias_fano_bytes(count, kPeakUniverse)) {
        throw Corrupt("a block of peaks has a wrong size");
    }
    // A copy, because the codec reads whole words beyond the end, which may be the end of the mapped file.
    std::array<std::byte, 2048> buffer;
    std::vector<std::byte> large;
    const std::size_t size = bytes.size() - sizeof count;
    std::byte* list = buffer.data();
    if (size + kEliasFanoPadding > buffer.size()) {
        large.resize(size + kEliasFanoPadding);
        list = large.data();
    }
    std::memcpy(list, bytes.data() + sizeof count, size);
    const auto value_of_frame = [&](std::uint32_t frame) {
        const std::uint32_t in_block = frame < block_first ? 0 : std::min(frame - block_first, kPeakBlockFrames);
        return std::uint64_t{in_block} * fingerprint::kBins;
    };
    elias_fano_for_each(list, count, kPeakUniverse, value_of_frame(first), value_of_frame(end),
                        [&](std::uint64_t value) {
                            peaks.push_back({block_first + static_cast<std::uint32_t>(value / fingerprint::kBins),
                                             static_cast<std::uint16_t>(value % fingerprint::kBins), 0});
                        });
}

}  // namespace audio_ident::index
