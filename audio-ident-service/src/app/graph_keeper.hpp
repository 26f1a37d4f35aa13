#pragma once

#include <thread>

#include "index/vector/lmdb_vector_index.hpp"

namespace audio_ident::app {

/// Keeps the graph of a large library's vectors up to date, on a thread of the lowest priority, as long as it lives. Says
/// in the log when it made one, and why it could not; searches work without.
class GraphKeeper {
  public:
    /// `vectors` outlives it.
    explicit GraphKeeper(index::LmdbVectorIndex& vectors);

  private:
    std::jthread thread_;
};

}  // namespace audio_ident::app
