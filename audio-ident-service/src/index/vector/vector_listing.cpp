#include "index/vector/vector_listing.hpp"

#include <utility>

#include "lib/lmdb/prefetch.hpp"

namespace audio_ident::index {

namespace {

/// Tells the kernel to read the pages of the entries, with one call for adjacent pages.
void prefetch(const std::vector<VectorEntry>& entries, std::size_t dimension) {
    constexpr std::ptrdiff_t kGap = 64 << 10;
    const std::byte* begin = nullptr;
    const std::byte* end = nullptr;
    for (const VectorEntry& entry : entries) {
        const auto* rows_end = reinterpret_cast<const std::byte*>(entry.rows + entry.count * dimension);
        if (begin == nullptr || entry.starts < end || entry.starts - end > kGap) {
            if (begin != nullptr) lmdb::prefetch({begin, end});
            begin = entry.starts;
        }
        end = rows_end;
    }
    if (begin != nullptr) lmdb::prefetch({begin, end});
}

}  // namespace

Result<std::shared_ptr<const VectorListing>> VectorListings::at(const lmdb::Transaction& transaction) {
    const std::lock_guard lock(mutex_);
    const bool same = newest_ && newest_->transaction == transaction.id();
    if (same && (newest_->chunks < graph_from_ || (newest_->graph && newest_->graph->is(graph_path_)))) return newest_;
    const std::size_t dimension = space_.space.dimension;
    auto graph = newest_ ? newest_->graph : nullptr;
    if (!graph || !graph->is(graph_path_)) graph = GraphFile::open(graph_path_, space_.space.dimension);
    if (same && !graph && !newest_->graph) return newest_;

    auto made = std::make_shared<VectorListing>();
    made->transaction = transaction.id();
    const auto record = space_.find(transaction);
    if (!record) return forward(record);
    if (*record) made->entries = space_.tables->entries(transaction, **record);
    for (const VectorEntry& entry : made->entries) made->chunks += entry.count;
    if (graph && made->chunks >= graph_from_) {
        made->cover = cover(graph->tracks(), made->entries, graph_tracks(made->entries), dimension);
        made->graph = std::move(graph);
    }
    if (!same) prefetch(made->entries, dimension);
    newest_ = std::move(made);
    return newest_;
}

}  // namespace audio_ident::index
