#pragma once

#include <thread>

#include "index/vector/lmdb_vector_index.hpp"

namespace audio_ident::app {

/// Keeps the graph of a large library's vectors up to date on a thread of the lowest priority, as long as this object
/// lives. Logs each new graph, and the reason when it cannot make one. Searches also work without a graph.
class GraphKeeper {
  public:
    /// `vectors` outlives it.
    explicit GraphKeeper(index::LmdbVectorIndex& vectors);

  private:
    std::jthread thread_;
};

}  // namespace audio_ident::app
