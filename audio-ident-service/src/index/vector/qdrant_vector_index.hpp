#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "index/vector/qdrant_collection.hpp"
#include "index/vector/reader.hpp"
#include "index/vector/writer.hpp"

namespace audio_ident::index {

/// The vectors of one space in a Qdrant server (1.16 and later), over REST. Each space is a collection; its name comes
/// from QdrantServer::collection_name and the space, and its metadata has the space's name. A chunk is a point whose id
/// follows from the track and the chunk's number, so that writing a chunk twice changes nothing. This object keeps no
/// state: an outage is over as soon as the server answers again. Thread-safe.
class QdrantVectorIndex {
  public:
    /// Makes the collection if it is missing. Fails with not_available when the server does not answer or refuses the
    /// key, unsupported when the collection has vectors of another length or model.
    static Result<std::unique_ptr<QdrantVectorIndex>> open(const QdrantServer& server, VectorSpace space,
                                                           const Deadline& deadline);
    ~QdrantVectorIndex();
    /// Checks that a Qdrant server answers and takes the key.
    static Result<void> reach(const QdrantServer& server, const Deadline& deadline);

    /// The spaces of our collections on a server, whatever their model. Fails with not_available, timeout.
    static Result<std::vector<VectorSpace>> spaces(const QdrantServer& server, const Deadline& deadline);
    /// Removes tracks from all our collections, whatever their model. Fails with not_available, timeout.
    static Result<void> remove_everywhere(const QdrantServer& server, std::span<const TrackId> ids,
                                          const Deadline& deadline);

    VectorIndexReader& reader();
    VectorIndexWriter& writer();
    /// The collection's name on the server.
    const std::string& collection() const;

  private:
    struct Impl;
    explicit QdrantVectorIndex(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace audio_ident::index
