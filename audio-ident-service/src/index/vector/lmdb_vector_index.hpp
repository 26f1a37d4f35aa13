#pragma once

#include <memory>
#include <optional>

#include "core/result.hpp"
#include "index/vector/lmdb_guard.hpp"
#include "index/vector/lmdb_vectors.hpp"
#include "index/vector/reader.hpp"
#include "index/vector/writer.hpp"

namespace audio_ident::index {

inline constexpr LmdbName kVectorIndexName{"vector index", "audio-ident reembed"};

/// A flat scan serves up to so many chunks, a graph more.
inline constexpr std::size_t kGraphFromChunks = 1'000'000;

enum class GraphState {
    not_needed,  ///< too few chunks
    good,        ///< as it was
    made,        ///< anew, or brought up to date
};

/// The vectors of one space, in the LMDB environment of the fingerprint index, which outlives this object. Every read
/// sees what any process committed last: the list of entries is made anew when the environment's last transaction is
/// another; vectors are compared where they lie in the mapped file.
///
/// From `graph_from` chunks on, nearest() goes by a graph beside the environment, when there is one (update_graph()): what
/// it does not have is scanned, what is gone is left out, and cosines come from the rows. Without one, all is scanned.
///
/// `tables`: absent in an index that was opened for reading and has none; then there are no vectors.
class LmdbVectorIndex {
  public:
    LmdbVectorIndex(const lmdb::Environment& environment, std::optional<VectorTables> tables, VectorSpace space,
                    std::size_t graph_from = kGraphFromChunks);
    ~LmdbVectorIndex();

    VectorIndexReader& reader();
    VectorIndexWriter& writer();
    /// Makes the graph, or brings it up to date when a tenth of the chunks have come or gone. One thread's work, minutes for
    /// a million chunks; any process's readers take it when it is there. Fails with timeout when stopped, not_available
    /// (disk full), corrupt; what was there before stays then. For one thread at a time.
    Result<GraphState> update_graph(const Deadline& deadline);
    /// As writer().add(), of vectors that were checked, within a transaction of the caller's. Throws what LMDB throws.
    Result<void> put(const lmdb::Transaction& transaction, std::span<const TrackVectors> tracks);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace audio_ident::index
