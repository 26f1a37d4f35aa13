#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <vector>

#include "core/track_id.hpp"
#include "fingerprint/fingerprint.hpp"
#include "index/fingerprint/posting_shard.hpp"
#include "index/store/corrupt.hpp"
#include "index/store/maps.hpp"

namespace audio_ident::index {

/// The keys and values of the maps of the fingerprint index (docs/formats/fingerprint-index.md), whatever store holds
/// them. Numbers in keys are big-endian, so that maps are in numeric order; numbers in values little-endian.

inline constexpr std::uint32_t kFormatVersion = 2;
/// Formats from 1 and fingerprints from version 2 on are read too. The next write brings the state record to this
/// version.
inline constexpr std::uint32_t kOldestFormatVersion = 1;
inline constexpr std::uint32_t kOldestParamsVersion = 2;
inline constexpr std::uint32_t kPeakBlockFrames = 256;  ///< frames a value of the map of peaks
/// The most frames of a segment, about 19,000 hours. It stays below 2³² when a look-up adds its frame to a position.
inline constexpr std::uint64_t kLongestTimeline = 0xff000000;

using TrackNumber = std::uint32_t;  ///< a track in this index; numbers count up and are never used again
using SegmentNumber = std::uint32_t;

template <typename T>
Bytes bytes_of(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    return {reinterpret_cast<const std::byte*>(&value), sizeof value};
}

/// Throws Corrupt when the size does not fit.
template <typename T>
T value_of(Bytes bytes) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (bytes.size() != sizeof(T)) throw Corrupt("a record of the fingerprint index has a wrong size");
    T value;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

/// One or two numbers as a key.
struct NumberKey {
    explicit NumberKey(std::uint32_t a) : size(4) { put(0, a); }
    NumberKey(std::uint32_t a, std::uint32_t b) : size(8) {
        put(0, a);
        put(4, b);
    }
    Bytes bytes() const { return {data.data(), size}; }
    static std::uint32_t read(Bytes key, std::size_t at) {
        if (key.size() < at + 4) throw Corrupt("a key of the fingerprint index is cut off");
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint32_t>(key[at + i]);
        return value;
    }

    std::array<std::byte, 8> data{};
    std::size_t size;

  private:
    void put(std::size_t at, std::uint32_t value) {
        for (std::size_t i = 0; i < 4; ++i) data[at + i] = std::byte(value >> (24 - 8 * i) & 255U);
    }
};

/// The version in the state record of an index that is being copied from another store, until all of it is there. No
/// program opens such an index.
inline constexpr std::uint32_t kUnfinishedCopy = 0xffffffff;

/// Map "meta", key "state".
struct MetaRecord {
    std::uint32_t format_version = kFormatVersion;
    std::uint32_t params_version = fingerprint::Params::kVersion;
    std::uint64_t generation = 0;  ///< grows with every write
    TrackNumber next_track = 0;
    SegmentNumber next_segment = 0;
    SegmentNumber merge_target = 0;  ///< the segment that a merge is filling; kNoMerge: none is under way
    TrackNumber first_current = 0;   ///< tracks with lower numbers have fingerprints of an earlier version

    static constexpr SegmentNumber kNoMerge = 0xffffffff;
};

/// Map "tracks", key: the 16 bytes of the TrackId.
struct TrackRecord {
    TrackNumber number = 0;
    std::uint32_t frames = 0;
};

/// Map "segments", key: SegmentNumber. Valid for keys in [key_begin, key_end): while a merge is under way, the target
/// holds the keys below the border and its sources those above.
struct SegmentRecord {
    std::uint32_t shards = 1;  ///< the key space is cut into this many equal ranges
    Key key_begin = 0;
    Key key_end = fingerprint::kKeys;
    std::uint32_t frames = 0;                          ///< length of the timeline
    std::uint32_t tracks = 0;                          ///< entries of the segment's table of contents
    SegmentNumber merged_into = MetaRecord::kNoMerge;  ///< the target, while this is a source of a merge
    std::uint32_t shard_bytes = 0;                     ///< the size to which its shards were filled
    std::uint32_t reserved = 0;
    std::uint64_t postings = 0;
};

/// Map "contents", key: SegmentNumber, value: ContentsEntry[], sorted by begin. Removed tracks stay until a merge.
struct ContentsEntry {
    TrackNumber track = 0;
    std::uint32_t begin = 0;  ///< position of its first frame
};

// Map "numbers": TrackNumber → TrackId, of the tracks that can be found. Map "peaks": (TrackNumber, block) →
// encode_peak_block(). Map "postings": (SegmentNumber, first key) → encode_posting_shard(); a shard reaches to the next
// one's first key, or to the end of the segment's keys.

/// The key of the state record.
Bytes state_key();
/// nullopt in a new index. In one of an earlier version `first_current` lies above all tracks.
std::optional<MetaRecord> read_meta(const MapView& maps);
/// The same of the record itself.
MetaRecord meta_of(Bytes bytes);
void write_meta(MapTransaction& maps, const MetaRecord& record);
/// Throws Corrupt when there is no such segment.
SegmentRecord read_segment(const MapView& maps, SegmentNumber segment);
std::vector<ContentsEntry> read_contents(const MapView& maps, SegmentNumber segment);
std::vector<ContentsEntry> contents_of(Bytes bytes);

/// A track's peaks with frames in [first, end) are in the blocks with keys in [peaks_from, peaks_to).
inline NumberKey peaks_from(TrackNumber track, std::uint32_t first = 0) {
    return {track, first / kPeakBlockFrames};
}
inline NumberKey peaks_to(TrackNumber track, std::uint32_t end = 0xffffffff) {
    return {track, (end - 1) / kPeakBlockFrames + 1};
}

/// Encodes the peaks of one block of kPeakBlockFrames frames, sorted by frame and bin, as an Elias-Fano list without
/// strengths. `block_first` is the block's first frame.
std::vector<std::byte> encode_peak_block(std::span<const fingerprint::Peak> peaks, std::uint32_t block_first);
/// Appends the peaks in frames [first, end). Throws Corrupt when there are too few bytes.
void decode_peak_block(Bytes bytes, std::uint32_t block_first, std::vector<fingerprint::Peak>& peaks,
                       std::uint32_t first = 0, std::uint32_t end = std::numeric_limits<std::uint32_t>::max());

}  // namespace audio_ident::index
