#pragma once

#include <thread>

#include "index/vector/lmdb_vector_index.hpp"

namespace audio_ident::app {

/// Keeps the graph of a large library's vectors up to date, on a thread of the lowest priority, as long as it lives. It
/// logs each graph that it made, and why it could not make one; searches work without a graph.
class GraphKeeper {
  public:
    /// `vectors` outlives it.
    explicit GraphKeeper(index::LmdbVectorIndex& vectors);

  private:
    std::jthread thread_;
};

}  // namespace audio_ident::app
