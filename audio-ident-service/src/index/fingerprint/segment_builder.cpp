#include "index/fingerprint/segment_builder.hpp"

#include <algorithm>
#include <vector>

#include "util/radix_sort.hpp"

namespace audio_ident::index {

namespace {

constexpr std::uint64_t kPageBytes = 4096;
constexpr std::uint64_t kPageHeaderBytes = 16;
constexpr std::uint64_t kBytesPerPosting = 3;
constexpr std::uint64_t kShards = 1024;
constexpr std::uint64_t kMostPages = 64;

void write_peaks(MapTransaction& maps, TrackNumber track, std::span<const fingerprint::Peak> peaks) {
    for (std::size_t i = 0; i < peaks.size();) {
        const std::uint32_t block = peaks[i].frame / kPeakBlockFrames;
        std::size_t end = i;
        while (end < peaks.size() && peaks[end].frame / kPeakBlockFrames == block) ++end;
        const auto bytes = encode_peak_block(peaks.subspan(i, end - i), block * kPeakBlockFrames);
        maps.put(Map::peaks, NumberKey(track, block).bytes(), bytes);
        i = end;
    }
}

}  // namespace

std::size_t shard_bytes_for(std::uint64_t postings) {
    const std::uint64_t pages =
        std::clamp<std::uint64_t>(postings * kBytesPerPosting / kPageBytes / kShards, 1, kMostPages);
    return pages * kPageBytes - kPageHeaderBytes;
}

void write_shards(MapTransaction& maps, SegmentNumber number, const SegmentRecord& segment, Key key_begin, Key key_end,
                  std::span<const Posting> postings) {
    while (key_begin < key_end) {
        const auto shard = encode_posting_shard(key_begin, key_end, segment.frames, postings, segment.shard_bytes);
        maps.put(Map::postings, NumberKey(number, key_begin).bytes(), shard.bytes);
        postings = postings.subspan(shard.postings);
        key_begin = shard.key_end;
    }
}

void write_segment(MapTransaction& maps, MetaRecord& meta, std::span<const TrackFingerprint* const> tracks) {
    std::vector<Posting> postings;
    std::vector<ContentsEntry> contents;
    SegmentRecord segment;
    for (const TrackFingerprint* track : tracks) {
        const TrackNumber number = meta.next_track++;
        const auto& fingerprint = track->fingerprint;
        maps.put(Map::tracks, bytes_of(track->id.bytes()), bytes_of(TrackRecord{number, fingerprint.frames}));
        maps.put(Map::numbers, NumberKey(number).bytes(), bytes_of(track->id.bytes()));
        write_peaks(maps, number, fingerprint.peaks);
        for (const auto& landmark : fingerprint::reference_landmarks(fingerprint.peaks)) {
            postings.push_back({landmark.key, segment.frames + landmark.frame});
        }
        contents.push_back({number, segment.frames});
        segment.frames += std::max(fingerprint.frames, 1U);
    }
    // They are sorted by position already, and the sort is stable.
    std::vector<Posting> scratch;
    util::radix_sort(postings, scratch, [](const Posting& posting) { return posting.key; });
    scratch = {};
    segment.shard_bytes = static_cast<std::uint32_t>(shard_bytes_for(postings.size()));
    segment.postings = postings.size();
    segment.tracks = static_cast<std::uint32_t>(contents.size());

    const SegmentNumber number = meta.next_segment++;
    write_shards(maps, number, segment, 0, fingerprint::kKeys, postings);
    maps.put(Map::contents, NumberKey(number).bytes(),
             {reinterpret_cast<const std::byte*>(contents.data()), contents.size() * sizeof(ContentsEntry)});
    maps.put(Map::segments, NumberKey(number).bytes(), bytes_of(segment));
}

}  // namespace audio_ident::index
