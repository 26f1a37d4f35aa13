#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "index/vector/graph_cover.hpp"
#include "index/vector/graph_file.hpp"
#include "index/vector/open_space.hpp"

namespace audio_ident::index {

/// The contents of one space at one committed state: pointers into the map, valid in every transaction of that state.
struct VectorListing {
    std::size_t transaction = 0;
    std::vector<VectorEntry> entries;
    std::uint64_t chunks = 0;
    std::shared_ptr<const GraphFile> graph = nullptr;  ///< shared with later listings; null: searches scan everything
    GraphCover cover = {};
};

/// Lists a space for reads of successive states, and keeps the newest listing. Thread-safe.
class VectorListings {
  public:
    /// Looks for a graph at `graph_path` if the space has `graph_from` chunks. `space` must outlive this object.
    VectorListings(const OpenSpace& space, std::size_t graph_from, std::filesystem::path graph_path)
        : space_(space), graph_from_(graph_from), graph_path_(std::move(graph_path)) {}

    /// The listing of the transaction's state, shared with the other reads of that state. Fails, and throws, like
    /// OpenSpace::find().
    Result<std::shared_ptr<const VectorListing>> at(const lmdb::Transaction& transaction);

  private:
    const OpenSpace& space_;
    std::size_t graph_from_;
    std::filesystem::path graph_path_;
    std::mutex mutex_;
    std::shared_ptr<const VectorListing> newest_;
};

}  // namespace audio_ident::index
