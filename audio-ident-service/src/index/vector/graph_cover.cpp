#include "index/vector/graph_cover.hpp"

#include <algorithm>
#include <cstring>

namespace audio_ident::index {

std::vector<GraphTrack> graph_tracks(std::span<const VectorEntry> entries) {
    std::vector<GraphTrack> tracks;
    tracks.reserve(entries.size());
    for (const VectorEntry& entry : entries) {
        // Starts and scales are in a page that is read anyway, and other vectors have other scales.
        const auto* rows = reinterpret_cast<const std::byte*>(entry.rows);
        tracks.push_back({.id = entry.id, .chunks = entry.count, .signature = check_number({entry.starts, rows})});
    }
    return tracks;
}

std::size_t GraphCover::track_of(std::uint32_t chunk) const {
    return static_cast<std::size_t>(std::upper_bound(first.begin(), first.end(), chunk) - first.begin()) - 1;
}

GraphCover cover(std::span<const GraphTrack> tracks, std::span<const VectorEntry> entries,
                 std::span<const GraphTrack> signatures, std::size_t dimension) {
    GraphCover made;
    made.entry_of.assign(tracks.size(), GraphCover::kNoEntry);
    std::uint32_t chunks = 0;
    std::size_t e = 0;
    const auto skip_to = [&](std::size_t end) {
        for (; e < end; ++e) {
            made.fresh.push_back(entries[e]);
            made.fresh_chunks += entries[e].count;
        }
    };
    for (std::size_t t = 0; t < tracks.size(); ++t) {
        made.first.push_back(chunks);
        chunks += tracks[t].chunks;
        made.rows.resize(chunks);
        std::size_t same = e;
        while (same < entries.size() && entries[same].id < tracks[t].id) ++same;
        skip_to(same);
        if (e == entries.size() || !(signatures[e] == tracks[t])) {
            made.gone_chunks += tracks[t].chunks;
            continue;
        }
        made.entry_of[t] = static_cast<std::uint32_t>(e);
        const VectorEntry& entry = entries[e++];
        for (std::uint32_t i = 0; i < entry.count; ++i) {
            ChunkRow& row = made.rows[made.first.back() + i];
            row.row = entry.rows + i * dimension;
            std::memcpy(&row.scale, entry.scales + i * sizeof row.scale, sizeof row.scale);
        }
    }
    made.first.push_back(chunks);
    skip_to(entries.size());
    return made;
}

}  // namespace audio_ident::index
