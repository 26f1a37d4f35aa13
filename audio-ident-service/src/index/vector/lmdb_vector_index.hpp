#pragma once

#include <memory>
#include <optional>

#include "core/executor.hpp"
#include "core/result.hpp"
#include "index/lmdb/index_environment.hpp"
#include "index/vector/lmdb_vectors.hpp"
#include "index/vector/open_space.hpp"
#include "index/vector/reader.hpp"
#include "index/vector/writer.hpp"

namespace audio_ident::index {

/// A space with at least this many chunks is searched by a graph instead of a flat scan.
inline constexpr std::size_t kGraphFromChunks = 1'000'000;

enum class GraphState {
    not_needed,  ///< there are too few chunks
    good,        ///< the existing graph is good enough
    made,        ///< there is a new graph
};

/// The vectors of one space in an LMDB environment, which outlives this object, as its executor does. Every read sees
/// what any process committed last: when there is a newer transaction, the entries are listed again. Vectors are
/// compared where they lie in the mapped file.
///
/// In a space of at least `graph_from` chunks, nearest() uses the graph in a file beside the environment, if there is
/// one (see update_graph()). It scans chunks that the graph does not have, leaves out chunks that are gone, and
/// computes cosines from the rows. Without a graph it scans all chunks.
class LmdbVectorIndex {
  public:
    /// `tables`: absent in an index that was opened for reading and has none; then there are no vectors. `executor`
    /// scans the chunks.
    LmdbVectorIndex(const IndexEnvironment& environment, std::optional<VectorTables> tables, VectorSpace space,
                    Executor& executor, std::size_t graph_from = kGraphFromChunks);
    ~LmdbVectorIndex();

    VectorIndexReader& reader();
    VectorIndexWriter& writer();
    /// Makes the graph, or updates it when a tenth of the chunks have been added or removed. Works on one thread, for
    /// minutes with a million chunks. The readers of every process use the new graph at once. Fails with timeout when
    /// stopped, not_available (disk full), corrupt; then the old graph stays. For one thread at a time.
    Result<GraphState> update_graph(const Deadline& deadline);
    /// writer().add() for vectors that were checked, within the caller's transaction. Throws what LMDB throws.
    Result<void> put(const lmdb::Transaction& transaction, std::span<const TrackVectors> tracks);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace audio_ident::index
