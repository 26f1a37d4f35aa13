#include "index/vector/copy_vectors.hpp"

#include <algorithm>
#include <span>
#include <unordered_set>

namespace audio_ident::index {

namespace {

constexpr std::size_t kTracksABatch = 100;  // some 80 chunks each

}  // namespace

Result<void> check_vectors_belong(VectorIndexWriter& from, VectorIndexWriter& to, const std::string& where,
                                  const Deadline& deadline) {
    const auto ours = from.tracks(deadline);
    if (!ours) return forward(ours);
    const auto there = to.tracks(deadline);
    if (!there) return forward(there);
    const std::unordered_set<TrackId> known(ours->begin(), ours->end());
    const auto others = std::ranges::count_if(*there, [&](const TrackId& id) { return !known.contains(id); });
    if (others == 0) return {};
    return fail(ErrorKind::invalid_input,
                "{} already has vectors of {} tracks that the source does not have; copy into an empty library, or set "
                "QDRANT_COLLECTION_NAME to another name",
                where, others);
}

Result<std::size_t> copy_vectors(const VectorsInStore& from, VectorIndexWriter& to,
                                 const std::function<void(std::size_t done, std::size_t of)>& progress,
                                 const Deadline& deadline) {
    const auto ids = from.writer.tracks(deadline);
    if (!ids) return forward(ids);
    std::span<const TrackId> left = *ids;
    while (!left.empty()) {
        const auto batch = left.first(std::min(kTracksABatch, left.size()));
        left = left.subspan(batch.size());
        const auto vectors = from.reader.vectors(batch, deadline);
        if (!vectors) return forward(vectors);
        if (auto added = to.add(*vectors, deadline); !added) return forward(added);
        progress(ids->size() - left.size(), ids->size());
    }
    return ids->size();
}

}  // namespace audio_ident::index
