#pragma once

#include <memory>
#include <string>

#include "core/result.hpp"
#include "index/vector/reader.hpp"
#include "index/vector/writer.hpp"

namespace audio_ident::index {

struct QdrantServer {
    std::string url;              ///< "http://localhost:6333"
    std::string api_key = {};     ///< empty: none
    std::string collection_name;  ///< of the collections that are ours: what all their names begin with
};

/// The vectors of one space in a Qdrant server (1.16 and later), over REST. Each space is a collection, named after the
/// server's setting and the space, with the space's name in the collection's metadata; a chunk is a point, whose id
/// follows from track and number, so that writing it twice is writing it once. Nothing is kept here: an outage is over
/// when the server answers again. Thread-safe.
class QdrantVectorIndex {
  public:
    /// Makes the collection when it is missing. Fails with not_available when the server does not answer or refuses the
    /// key, unsupported when the collection has vectors of another length or model.
    static Result<std::unique_ptr<QdrantVectorIndex>> open(const QdrantServer& server, VectorSpace space,
                                                           const Deadline& deadline);
    ~QdrantVectorIndex();
    /// Whether there is a Qdrant server that takes the key.
    static Result<void> reach(const QdrantServer& server, const Deadline& deadline);

    /// Removes tracks from all collections that are ours, whatever their model. Fails with not_available, timeout.
    static Result<void> remove_everywhere(const QdrantServer& server, std::span<const TrackId> ids,
                                          const Deadline& deadline);

    VectorIndexReader& reader();
    VectorIndexWriter& writer();
    /// Its name on the server.
    const std::string& collection() const;

  private:
    struct Impl;
    explicit QdrantVectorIndex(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace audio_ident::index
